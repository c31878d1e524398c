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
  "echo" | "maxInFlight" | "history" | "onPacket"
> {
  /** Seed, any text or number. The same seed, packets and times give the same deliveries. */
  readonly seed: string | number;
  /** Clock for delays and the history. Use a virtual one for reproducible deliveries. */
  readonly clock: Clock;
  /**
   * Initial conditions of every route.
   *
   * @defaultValue `PERFECT_CONDITIONS`
   */
  readonly conditions?: Partial<RouteConditions>;
}

/** In-process network with reproducible faults. */
export interface SeededNetwork extends MemoryNetwork {
  /**
   * Changes the conditions for packets published from now on. Omitted settings stay as they are.
   *
   * @param routes - matching routes, by the names that members joined with; all routes by default. A more specific
   *   pattern overrides a less specific one, in any order of calls: `{ from, to }`, then `{ to }`, then `{ from }`.
   * @throws DemlsError `invalid-conditions`, with the invalid setting in `field`.
   */
  setConditions(conditions: Partial<RouteConditions>, routes?: RoutePattern): void;
  /**
   * Partitions the members, until {@link SeededNetwork.heal} or another call. Packets published from now on reach only
   * members of the same group. Members in no group, including later ones, form one more group. Packets in flight still
   * arrive.
   */
  partition(...groups: readonly (readonly string[])[]): void;
  /** Ends a partition. Packets lost in it stay lost; conditions stay as they are. */
  heal(): void;
}

/** History of one route. */
interface RouteHistory {
  /** Number of packets published on it. */
  packets: number;
  /** Randomness of the packet being published. */
  random: SeededRandom;
  /** Arrival time of the last in-order delivery. */
  orderedUntilMs: number;
}

/** Resolution of shares: a millionth. */
const STEPS = 1_000_000;

/**
 * Memory network with loss, delay, duplicates, reordering and partitions, all derived from one seed. Each packet has
 * its own randomness on each route. Its delivery does not depend on traffic of other routes, on further members, or on
 * the settings of earlier packets.
 *
 * Its transports are those of `createMemoryNetwork`, with its limit on packets in flight; copies count.
 *
 * @throws DemlsError `invalid-conditions`, with the invalid setting in `field`; `invalid-max-in-flight`, `invalid-history`.
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

  /** The packet's copies that arrive; none if it is lost. */
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

  /** Called once per copy, after all copies are made. */
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
