import { DemlsError, type Packet, type Transport } from "@demls/wire/core";

/** Result of publishing: success, failure, no answer, or that nobody is there. */
export type Mood = "well" | "refusing" | "stalled" | "alone";

/** A transport with results set by the test, which records the packets to publish. */
export interface MoodyTransport extends Transport {
  mood: Mood;
  /** All packets passed to `publish`, whatever the result. */
  readonly attempts: readonly { readonly packet: Packet; readonly atMs: number }[];
  /** Stops delivery. */
  close(): Promise<void>;
}

/** An in-process network that delivers packets in publishing order, in microtasks. */
export interface MoodyNetwork {
  join(): MoodyTransport;
  /** Delivers a packet to all subscribers of its conversation, as from a stranger. */
  inject(packet: Packet): void;
  /** Subscribers of a conversation. */
  listeners(conversationId: string): number;
}

interface Subscription {
  readonly owner: MoodyTransport;
  readonly conversationId: string;
  readonly listener: (packet: Packet) => void;
}

export function createMoodyNetwork(nowMs: () => number): MoodyNetwork {
  const subscriptions = new Set<Subscription>();

  function deliver(packet: Packet, from?: MoodyTransport): void {
    for (const subscription of subscriptions) {
      if (subscription.owner === from || subscription.conversationId !== packet.conversationId) continue;
      queueMicrotask(() => {
        if (subscriptions.has(subscription)) subscription.listener(packet);
      });
    }
  }

  function join(): MoodyTransport {
    const attempts: { packet: Packet; atMs: number }[] = [];
    const transport: MoodyTransport = {
      mood: "well",
      attempts,
      async publish(packet) {
        attempts.push({ packet, atMs: nowMs() });
        if (transport.mood === "refusing") throw new Error("the radio is off");
        if (transport.mood === "alone") throw new DemlsError("no-peers", { message: "Nobody is there." });
        if (transport.mood === "stalled") await new Promise(() => undefined);
        deliver(packet, transport);
      },
      async subscribe(conversationId, listener) {
        const subscription = { owner: transport, conversationId, listener };
        subscriptions.add(subscription);
        return () => void subscriptions.delete(subscription);
      },
      async close() {
        for (const subscription of subscriptions) {
          if (subscription.owner === transport) subscriptions.delete(subscription);
        }
      },
    };
    return transport;
  }

  return {
    join,
    inject: (packet) => deliver(packet),
    listeners: (conversationId) =>
      [...subscriptions].filter((subscription) => subscription.conversationId === conversationId).length,
  };
}
