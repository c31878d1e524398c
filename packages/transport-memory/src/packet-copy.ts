import type { Packet } from "@demls/wire/core";

/** Frozen copy of a packet with its own bytes; `slice` of Node's `Buffer` would share the memory. */
export function copyPacket({ payload, subtopic, conversationId, appId }: Packet): Packet {
  return Object.freeze({
    payload: Uint8Array.from(payload),
    subtopic,
    conversationId,
    appId: Uint8Array.from(appId),
  });
}
