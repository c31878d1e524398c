import type { Clock, Packet, Transport } from "@demls/wire/core";

const DELAY_MS = 5;

interface Listener {
  readonly owner: Transport;
  readonly conversationId: string;
  readonly hear: (packet: Packet) => void;
}

/** One member's connection to a {@link RedeliveringNetwork}. */
export interface RedeliveringTransport extends Transport {
  /** Stops delivery. */
  close(): Promise<void>;
}

/** A network that redelivers the packets that an offline member may have missed. */
export interface RedeliveringNetwork {
  /** @param missedSinceMs - time since which packets are delivered again, if set. */
  join(missedSinceMs?: number): RedeliveringTransport;
  /** All packets in publishing order. */
  readonly published: readonly Packet[];
}

export function createRedeliveringNetwork(clock: Clock): RedeliveringNetwork {
  const log: { packet: Packet; atMs: number }[] = [];
  const listeners = new Set<Listener>();

  function deliver(packet: Packet, listener: Listener): void {
    clock.wakeAt(clock.monotonicMs() + DELAY_MS, () => {
      if (listeners.has(listener)) listener.hear(packet);
    });
  }

  return {
    get published() {
      return log.map(({ packet }) => packet);
    },
    join(missedSinceMs = Infinity) {
      const transport: RedeliveringTransport = {
        async publish(given) {
          const packet = { ...given, payload: Uint8Array.from(given.payload) };
          log.push({ packet, atMs: clock.monotonicMs() });
          for (const listener of listeners)
            if (listener.owner !== transport && listener.conversationId === packet.conversationId)
              deliver(packet, listener);
        },
        async subscribe(conversationId, hear) {
          const listener = { owner: transport, conversationId, hear };
          listeners.add(listener);
          for (const { packet, atMs } of log)
            if (atMs >= missedSinceMs - DELAY_MS && packet.conversationId === conversationId)
              deliver(packet, listener);
          return () => void listeners.delete(listener);
        },
        async close() {
          for (const listener of listeners) if (listener.owner === transport) listeners.delete(listener);
        },
      };
      return transport;
    },
  };
}
