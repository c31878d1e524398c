import type { Packet, Transport } from "demls";

/** A transport between the tabs of an origin. A tab that is closed misses the packets. */
export function createChannelTransport(): Transport {
  const channel = new BroadcastChannel("packets");
  return {
    publish(packet) {
      channel.postMessage(packet);
      return Promise.resolve();
    },
    subscribe(conversationId, listener) {
      const onMessage = ({ data }: MessageEvent<Packet>): void => {
        if (data.conversationId === conversationId) listener(data);
      };
      channel.addEventListener("message", onMessage);
      return Promise.resolve(() => channel.removeEventListener("message", onMessage));
    },
  };
}
