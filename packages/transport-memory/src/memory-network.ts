import {
  DemlsError,
  type Clock,
  type Packet,
  type RandomSource,
  type Transport,
  type Unsubscribe,
} from "@demls/wire/core";

import { deliveryPlanner, type DelayOf, type DelayRange, type StartDelivery } from "./delivery-delay.js";
import { copyPacket } from "./packet-copy.js";
import { packetHistory, type HistoryBounds, type PacketHistory } from "./packet-history.js";
import type { Route } from "./route.js";

/** Default of `maxInFlight`: enough for a hundred members that all publish at once. */
const DEFAULT_MAX_IN_FLIGHT = 16_384;

/** Settings of {@link createMemoryNetwork}. */
export interface MemoryNetworkOptions {
  /** Clock for `delayMs` and `history`, real or virtual. */
  readonly clock?: Clock;
  /** Randomness for a range of `delayMs` whose `min` and `max` differ. */
  readonly random?: RandomSource;
  /**
   * Delay of each delivery, as a range or by route; packets may then overtake each other. If a function throws or
   * returns an invalid delay (`invalid-delay`), `publish` rejects and no member gets the packet.
   *
   * @defaultValue none: deliveries run as microtasks, in the order of publishing
   */
  readonly delayMs?: DelayRange | DelayOf;
  /**
   * Whether members receive their own packets, as over gossipsub with `emitSelf`.
   *
   * @defaultValue `false`
   */
  readonly echo?: boolean;
  /**
   * Whether `publish` rejects with `no-peers` while no other member subscribes to the conversation, as over gossipsub.
   *
   * @defaultValue `false`: such a packet is accepted, and nobody gets it
   */
  readonly needsPeers?: boolean;
  /**
   * Maximum number of pending deliveries, a whole number of at least 1. A publish that exceeds it rejects, and no
   * member gets the packet.
   *
   * @defaultValue `16_384`
   */
  readonly maxInFlight?: number;
  /**
   * Keeps published packets, as published and without `intercept`, with the wall-clock time of publishing. All
   * transports then have `history`. Beyond either bound the oldest packet is evicted.
   *
   * @defaultValue none: no packet is kept, and the transports have no `history`
   */
  readonly history?: HistoryBounds;
  /** Observes each packet once, when published, before `intercept`. */
  readonly onPacket?: (packet: Packet, from: string) => void;
  /**
   * Intercepts each packet once per receiver: returns the packet, a replacement, several packets, or `undefined` to
   * drop it. Its argument and its result are copied. If it throws, `publish` rejects and no member gets the packet.
   *
   * @example
   * ```ts
   * const intercept: Intercept = (packet, { from }) =>
   *   from === "mallory" ? { ...packet, payload: packet.payload.map((byte) => byte ^ 1) } : packet;
   * ```
   */
  readonly intercept?: Intercept;
}

/** See {@link MemoryNetworkOptions.intercept}. */
export type Intercept = (packet: Packet, route: Route) => Packet | readonly Packet[] | undefined;

/** Settings of {@link MemoryNetwork.join}. */
export interface JoinOptions {
  /**
   * The member's name in a {@link Route}.
   *
   * @defaultValue `"member-1"`, `"member-2"`, … in the order of joining
   */
  readonly name?: string;
}

/** Transport of one member of a {@link MemoryNetwork}. */
export interface MemoryTransport extends Transport {
  /** The member's name in a {@link Route}. */
  readonly name: string;
  /** Stops delivering and publishing. Idempotent. */
  close(): Promise<void>;
}

/** Network of members in one process. */
export interface MemoryNetwork {
  /** Adds a member and returns its transport. Close it when the member leaves. */
  join(options?: JoinOptions): MemoryTransport;
  /** Number of deliveries under way. */
  readonly inFlight: number;
}

interface Subscription {
  readonly name: string;
  readonly transport: MemoryTransport;
  readonly conversationId: string;
  readonly listener: (packet: Packet) => void;
}

interface Delivery {
  readonly to: Subscription;
  readonly packet: Packet;
  readonly start: StartDelivery;
}

/**
 * Creates a network within the process.
 *
 * A listener gets a frozen packet with its own bytes, so members cannot see or change each other's data. It is never
 * called from within `publish` or `subscribe`. If it throws, the error surfaces in its own microtask or wake-up, and
 * other deliveries run.
 *
 * After `close()`, `publish`, `subscribe` and `history` of a transport reject with a DemlsError `transport-closed`;
 * `publish` also rejects with `too-many-in-flight` beyond the bound and, if the network `needsPeers`, with `no-peers`;
 * `history` with `invalid-since`.
 *
 * @throws DemlsError `invalid-max-in-flight`; `invalid-delay`, `missing-clock`, `missing-random` for the settings of
 *   `delayMs`; `invalid-history`, `missing-clock` for those of `history`.
 *
 * @example
 * ```ts
 * const network = createMemoryNetwork();
 * const [alice, bob] = [network.join(), network.join()];
 * await bob.subscribe("garden", (packet) => console.log(packet.payload));
 * await alice.publish({ payload, subtopic: "app_msg", conversationId: "garden", appId });
 * ```
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const { echo = false, needsPeers = false, onPacket, intercept = unchanged } = options;
  const { maxInFlight = DEFAULT_MAX_IN_FLIGHT } = options;
  if (!Number.isSafeInteger(maxInFlight) || maxInFlight < 1) throw invalidMaxInFlight();
  const plan = deliveryPlanner(options);
  const kept = packetHistory(options);
  const subscriptions = new Set<Subscription>();
  let inFlight = 0;
  let joined = 0;

  function publish(from: MemoryTransport, published: Packet): void {
    const { conversationId } = published;
    const subscribers = [...subscriptions].filter((each) => each.conversationId === conversationId);
    if (needsPeers && subscribers.every((each) => each.transport === from)) throw noPeers();
    onPacket?.(copyPacket(published), from.name);
    const deliveries = subscribers
      .filter((to) => echo || to.transport !== from)
      .flatMap((to) => intercepted(published, from.name, to));
    if (inFlight + deliveries.length > maxInFlight) throw tooManyInFlight(maxInFlight);
    kept?.keep(copyPacket(published));
    deliveries.forEach(send);
  }

  function intercepted(published: Packet, from: string, to: Subscription): Delivery[] {
    const route: Route = { from, to: to.name };
    const result = intercept(copyPacket(published), route) ?? [];
    const packets = "payload" in result ? [result] : result;
    return packets.map((packet) => ({ to, packet: copyPacket(packet), start: plan(route) }));
  }

  function send({ to, packet, start }: Delivery): void {
    inFlight += 1;
    start(() => {
      inFlight -= 1;
      if (subscriptions.has(to)) to.listener(packet);
    });
  }

  function join({ name = `member-${joined + 1}` }: JoinOptions = {}): MemoryTransport {
    joined += 1;
    let closed = false;
    const transport: MemoryTransport = {
      name,
      async publish(packet) {
        if (closed) throw transportClosed();
        publish(transport, packet);
      },
      async subscribe(conversationId, listener): Promise<Unsubscribe> {
        if (closed) throw transportClosed();
        const subscription: Subscription = { name, transport, conversationId, listener };
        subscriptions.add(subscription);
        return () => void subscriptions.delete(subscription);
      },
      async close() {
        closed = true;
        for (const own of subscriptions) if (own.transport === transport) subscriptions.delete(own);
      },
      ...(kept && { history: historyFrom(kept, () => closed) }),
    };
    return transport;
  }

  return {
    join,
    get inFlight() {
      return inFlight;
    },
  };
}

function historyFrom(kept: PacketHistory, isClosed: () => boolean): NonNullable<Transport["history"]> {
  return (conversationId, since, { signal } = {}) => {
    const refusal = isClosed() ? transportClosed() : undefined;
    const isOver = (): boolean => isClosed() || signal?.aborted === true;
    return kept.read({ conversationId, since, refusal, isOver });
  };
}

function unchanged(packet: Packet): Packet {
  return packet;
}

function transportClosed(): DemlsError<"transport-closed"> {
  return new DemlsError("transport-closed", {
    message: "This transport was closed.",
    remedy: "Join the network again for another transport.",
  });
}

function noPeers(): DemlsError<"no-peers"> {
  return new DemlsError("no-peers", {
    message: "No other member subscribes to the conversation.",
    remedy: "Publish again once one does.",
  });
}

function invalidMaxInFlight(): DemlsError<"invalid-max-in-flight"> {
  return new DemlsError("invalid-max-in-flight", {
    message: "The maximum number of pending deliveries is invalid.",
    field: "maxInFlight",
    remedy: "Pass a whole number of at least 1, or leave it out.",
  });
}

function tooManyInFlight(maxInFlight: number): DemlsError<"too-many-in-flight"> {
  return new DemlsError("too-many-in-flight", {
    message: `More than ${maxInFlight} deliveries would be pending.`,
    field: "maxInFlight",
    remedy: "Let the deliveries run (advance a virtual clock) before publishing more, or raise maxInFlight.",
  });
}
