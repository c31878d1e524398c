import type { Packet, Transport } from "@demls/wire/core";

/** What publishing comes to: it works, it fails, or it never ends. */
export type Mood = "well" | "refusing" | "stalled";

/** A transport whose mood a test decides, and which remembers what it was asked to publish. */
export interface MoodyTransport extends Transport {
  mood: Mood;
  /** Every call of `publish`, whatever came of it. */
  readonly attempts: readonly { readonly packet: Packet; readonly atMs: number }[];
  /** Hears no more. */
  close(): Promise<void>;
}

/** A network within the test's process: packets arrive in the order of publishing, in microtasks. */
export interface MoodyNetwork {
  join(): MoodyTransport;
  /** Hands a packet to every listener of its conversation, as a stranger on the network would. */
  inject(packet: Packet): void;
  /** Who listens to a conversation. */
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
