import { DemlsError, settingsWith } from "@demls/wire/core";
import type { DelayRange, Route } from "@demls/transport-memory";

/** Network conditions of a route. */
export interface RouteConditions {
  /**
   * Share of lost deliveries, 0 to 1.
   *
   * @defaultValue `0`
   */
  readonly loss: number;
  /**
   * Range of delivery delays in whole milliseconds, both ends included.
   *
   * @defaultValue `{ min: 0, max: 0 }`
   */
  readonly delayMs: DelayRange;
  /**
   * Share of deliveries that may overtake others, 0 to 1. The others arrive on their route in the order of publishing.
   * Without a range of delays no delivery overtakes another.
   *
   * @defaultValue `1`
   */
  readonly reordering: number;
  /**
   * Share of deliveries that are followed by another copy, 0 to 1, up to {@link RouteConditions.maxCopies}.
   *
   * @defaultValue `0`
   */
  readonly duplication: number;
  /**
   * Maximum number of copies of a packet, a whole number from 1 to 16.
   *
   * @defaultValue `2`
   */
  readonly maxCopies: number;
}

/** Conditions without loss, delay or duplicates. */
export const PERFECT_CONDITIONS: RouteConditions = Object.freeze({
  loss: 0,
  delayMs: Object.freeze({ min: 0, max: 0 }),
  reordering: 1,
  duplication: 0,
  maxCopies: 2,
});

/** Pattern of routes, by the names that members joined with. An omitted end matches all. */
export type RoutePattern = Partial<Route>;

/** Conditions by route. */
export interface ConditionTable {
  set(conditions: Partial<RouteConditions>, pattern: RoutePattern): void;
  of(route: Route): RouteConditions;
}

/**
 * Table of conditions. For each setting the most specific pattern applies: both ends before the receiver, the receiver
 * before the sender, the sender before all.
 */
export function createConditionTable(): ConditionTable {
  const byPattern = new Map<string, Partial<RouteConditions>>();
  /** Conditions by route, until a pattern changes: a network asks for those of every copy of a packet. */
  const byRoute = new Map<string, RouteConditions>();
  const keyOf = ({ from, to }: RoutePattern): string => JSON.stringify([from ?? null, to ?? null]);

  function of({ from, to }: Route): RouteConditions {
    const route = keyOf({ from, to });
    const known = byRoute.get(route);
    if (known !== undefined) return known;
    const patterns: readonly RoutePattern[] = [{}, { from }, { to }, { from, to }];
    const found = patterns.reduce<RouteConditions>(
      (conditions, pattern) => ({ ...conditions, ...byPattern.get(keyOf(pattern)) }),
      PERFECT_CONDITIONS,
    );
    byRoute.set(route, found);
    return found;
  }

  return {
    set(conditions, pattern) {
      byRoute.clear();
      const key = keyOf(pattern);
      byPattern.set(key, { ...byPattern.get(key), ...checked(conditions) });
    },
    of,
  };
}

/** @throws DemlsError `invalid-conditions`, with the invalid setting in `field`. */
function checked(conditions: Partial<RouteConditions>): Partial<RouteConditions> {
  const { loss, delayMs, reordering, duplication, maxCopies } = settingsWith(
    PERFECT_CONDITIONS,
    conditions,
    "invalid-conditions",
  );
  for (const [field, share] of Object.entries({ loss, reordering, duplication }))
    if (!(share >= 0 && share <= 1)) throw invalid(field, "Pass a share, from 0 to 1.");
  const isRange = [delayMs.min, delayMs.max].every(Number.isSafeInteger) && delayMs.min >= 0;
  if (!isRange || delayMs.max < delayMs.min)
    throw invalid("delayMs", "Pass whole milliseconds with 0 <= min <= max.");
  if (!Number.isInteger(maxCopies) || maxCopies < 1 || maxCopies > 16)
    throw invalid("maxCopies", "Pass a whole number from 1 to 16.");
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}

function invalid(field: string, remedy: string): DemlsError<"invalid-conditions"> {
  return new DemlsError("invalid-conditions", {
    message: `The route condition ${field} is invalid.`,
    field,
    remedy,
  });
}
