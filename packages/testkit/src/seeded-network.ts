import {
  createMemoryNetwork,
  type MemoryNetwork,
  type MemoryNetworkOptions,
  type Route,
} from "@demls/transport-memory";
import type { Clock, Packet } from "@demls/wire/core";

import { createConditionTable, type RouteConditions, type RoutePattern } from "./route-conditions.js";
import { createSeededRandom, type SeededRandom } from "./seeded-random.js";

/** Settings of {@link createSeededNetwork}. */
export interface SeededNetworkOptions extends Pick<
  MemoryNetworkOptions,
  "echo" | "maxInFlight" | "onPacket"
> {
  /** The same seed, packets and times give the same deliveries. Any text or number. */
  readonly seed: string | number;
  /** What deliveries wait on. A virtual one, where they are to repeat. */
  readonly clock: Clock;
  /**
   * How well packets travel on every route, to begin with.
   *
   * @defaultValue `PERFECT_CONDITIONS`
   */
  readonly conditions?: Partial<RouteConditions>;
}

/** A network within the process on which things go wrong, the same way for the same seed. */
export interface SeededNetwork extends MemoryNetwork {
  /**
   * Sets how well packets travel that are published from now on. Settings that are left out stay as they are.
   *
   * @param routes - those meant, by the names that members joined with; all of them without it. What was set for a
   * closer description of a route counts there, whichever came later: `{ from, to }`, then `{ to }`, then `{ from }`.
   * @throws DemlsError `invalid-conditions`, its field the setting at fault.
   */
  setConditions(conditions: Partial<RouteConditions>, routes?: RoutePattern): void;
  /**
   * Parts the members, until {@link SeededNetwork.heal} or another call: packets published from now on reach those
   * of the same group alone. Who is in no group, newcomers too, is with the others that are in none. What is under
   * way arrives.
   */
  partition(...groups: readonly (readonly string[])[]): void;
  /** Ends a partition. What was lost in it stays lost; conditions stay. */
  heal(): void;
}

/** What one route has come to. */
interface RouteHistory {
  /** Packets published on it. */
  packets: number;
  /** Of the packet that is being published. */
  random: SeededRandom;
  /** When the last delivery that keeps the order arrives. */
  orderedUntilMs: number;
}

/** Shares are met to a millionth. */
const STEPS = 1_000_000;

/**
 * A memory network with loss, delay, duplicates, reordering and partitions, all drawn from one seed. Each packet has
 * randomness of its own on each route: what becomes of it stays the same when there is traffic on another route, one
 * more member, or another setting for the packets before it.
 *
 * Its transports are those of `createMemoryNetwork`, with its bound on deliveries under way: copies count.
 *
 * @throws DemlsError `invalid-conditions`, its field the setting at fault; `invalid-max-in-flight`.
 *
 * @example
 * ```ts
 * const clock = createVirtualClock();
 * const network = createSeededNetwork({ seed: 7, clock, conditions: { loss: 0.1, delayMs: { min: 5, max: 80 } } });
 * const [alice, bob] = [network.join({ name: "alice" }), network.join({ name: "bob" })];
 * network.setConditions({ loss: 1 }, { from: "alice", to: "bob" });
 * network.partition(["alice"], ["bob"]);
 * network.heal();
 * ```
 */
export function createSeededNetwork(options: SeededNetworkOptions): SeededNetwork {
  const { seed, clock, conditions = {}, ...passedOn } = options;
  const random = createSeededRandom(seed);
  const table = createConditionTable();
  table.set(conditions, {});
  const histories = new Map<string, RouteHistory>();
  let groupOf: ReadonlyMap<string, number> = new Map();

  function historyOf({ from, to }: Route): RouteHistory {
    const key = JSON.stringify([from, to]);
    const known = histories.get(key) ?? { packets: 0, random: random.fork(key), orderedUntilMs: 0 };
    histories.set(key, known);
    return known;
  }

  /** As many copies as arrive. */
  function intercept(packet: Packet, route: Route): readonly Packet[] {
    const history = historyOf(route);
    history.random = random.fork(JSON.stringify([route.from, route.to, history.packets++]));
    const { loss, duplication, maxCopies } = table.of(route);
    const isLost = happens(history.random, loss);
    if (isLost || groupOf.get(route.from) !== groupOf.get(route.to)) return [];
    const copies = [packet];
    while (copies.length < maxCopies && happens(history.random, duplication)) copies.push(packet);
    return copies;
  }

  /** Asked for each copy, right after them all were made. */
  function delayMs(route: Route): number {
    const history = historyOf(route);
    const { delayMs: range, reordering } = table.of(route);
    const ownMs = history.random.integer(range.min, range.max);
    if (happens(history.random, reordering)) return ownMs;
    const nowMs = clock.monotonicMs();
    const ms = Math.max(ownMs, Math.ceil(history.orderedUntilMs - nowMs));
    history.orderedUntilMs = nowMs + ms;
    return ms;
  }

  const network = createMemoryNetwork({ ...passedOn, clock, intercept, delayMs });
  return {
    join: (joining) => network.join(joining),
    get inFlight() {
      return network.inFlight;
    },
    setConditions: (changes, routes = {}) => table.set(changes, routes),
    partition(...groups) {
      groupOf = new Map(groups.flatMap((names, group) => names.map((name) => [name, group] as const)));
    },
    heal() {
      groupOf = new Map();
    },
  };
}

function happens(random: SeededRandom, share: number): boolean {
  return random.integer(0, STEPS - 1) < share * STEPS;
}
