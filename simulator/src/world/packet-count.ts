import { createHash } from "node:crypto";
import type { Packet } from "@demls/wire/core";

/** Counts of the packets of a life. */
export interface PacketCount {
  readonly packets: number;
  readonly bytes: number;
  /** SHA-256 of all published packets with their times and senders, as hex. */
  digest(): string;
  /** Counts a published packet. */
  note(packet: Packet, from: string, atMs: number): void;
}

export function createPacketCount(): PacketCount {
  const hash = createHash("sha256");
  let [packets, bytes] = [0, 0];
  return {
    get packets() {
      return packets;
    },
    get bytes() {
      return bytes;
    },
    digest: () => hash.copy().digest("hex"),
    note({ payload, subtopic, conversationId, appId }, from, atMs) {
      packets += 1;
      bytes += payload.length;
      hash.update(`${atMs} ${from} ${subtopic} ${conversationId} ${payload.length}\n`);
      hash.update(payload).update(appId);
    },
  };
}
