import { DemlsError, settingsWith } from "@demls/wire/core";
import type { DelayRange, Route } from "@demls/transport-memory";

/** How well packets travel. */
export interface RouteConditions {
  /**
   * The share of deliveries that are lost, 0 to 1.
   *
   * @defaultValue `0`
   */
  readonly loss: number;
  /**
   * How long a delivery takes, in whole milliseconds, both ends included.
   *
   * @defaultValue `{ min: 0, max: 0 }`
   */
  readonly delayMs: DelayRange;
  /**
   * The share of deliveries that take their own time, 0 to 1; the others arrive on their route in the order of
   * publishing. Without a range of delays nothing overtakes anything.
   *
   * @defaultValue `1`
   */
  readonly reordering: number;
  /**
   * The share of deliveries after which another copy follows, 0 to 1, up to {@link RouteConditions.maxCopies}.
   *
   * @defaultValue `0`
   */
  readonly duplication: number;
  /**
   * How often a packet arrives at most, a whole number from 1 to 16.
   *
   * @defaultValue `2`
   */
  readonly maxCopies: number;
}

/** Conditions in which nothing goes wrong, and nothing takes time. */
export const PERFECT_CONDITIONS: RouteConditions = Object.freeze({
  loss: 0,
  delayMs: Object.freeze({ min: 0, max: 0 }),
  reordering: 1,
  duplication: 0,
  maxCopies: 2,
});

/** Routes by the names that members joined with; an end that is left out is any. */
export type RoutePattern = Partial<Route>;

/** What holds on which route. */
export interface ConditionTable {
  set(conditions: Partial<RouteConditions>, pattern: RoutePattern): void;
  of(route: Route): RouteConditions;
}

/**
 * A table in which the closer pattern counts, setting by setting: both ends before the receiver, the receiver
 * before the sender, the sender before all.
 */
export function createConditionTable(): ConditionTable {
  const byPattern = new Map<string, Partial<RouteConditions>>();
  const keyOf = ({ from, to }: RoutePattern): string => JSON.stringify([from ?? null, to ?? null]);

  function of({ from, to }: Route): RouteConditions {
    const patterns: readonly RoutePattern[] = [{}, { from }, { to }, { from, to }];
    return patterns.reduce<RouteConditions>(
      (conditions, pattern) => ({ ...conditions, ...byPattern.get(keyOf(pattern)) }),
      PERFECT_CONDITIONS,
    );
  }

  return {
    set(conditions, pattern) {
      const key = keyOf(pattern);
      byPattern.set(key, { ...byPattern.get(key), ...checked(conditions) });
    },
    of,
  };
}

/** @throws DemlsError `invalid-conditions`, its field the setting at fault. */
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
  return new DemlsError("invalid-conditions", { message: `No route has this ${field}.`, field, remedy });
}
