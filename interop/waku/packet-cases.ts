import { readFileSync } from "node:fs";

import type { Packet } from "../../packages/wire/dist/index.js";
import type { PacketFields } from "./foreign-node.js";

/** A packet, and the WakuMessage that de-mls 3.0.0 makes of it; binary in hex. */
export interface PacketCase {
  readonly conversation_id: string;
  readonly subtopic: string;
  readonly app_id: string;
  readonly payload: string;
  readonly message: { readonly contentTopic: string; readonly version: number };
}

const { published } = JSON.parse(
  readFileSync(new URL("../../vectors/09_waku.json", import.meta.url), "utf8"),
) as { readonly published: readonly PacketCase[] };

/** What the reference was seen to publish, by what is peculiar to it: nothing, no payload, a slash in the name. */
export const [PLAIN, EMPTY, WITH_SLASH] = published as readonly [PacketCase, PacketCase, PacketCase];

/** 150 kB, with its envelope a little less than the 150 KiB that Waku's networks carry at most. */
export const LARGE: PacketCase = {
  conversation_id: "room",
  subtopic: "welcome",
  app_id: "ff".repeat(16),
  payload: Buffer.from(Array.from({ length: 150_000 }, (_, index) => index % 251)).toString("hex"),
  message: { contentTopic: "/room/1/welcome/proto", version: 2 },
};

/** In whole milliseconds, since Waku's own encoder takes no finer ones. */
const TIMESTAMP = "1700000000123000000";

/** The packet as ours publish and deliver it. */
export function packetOf(one: PacketCase): Packet {
  return {
    payload: bytesOf(one.payload),
    subtopic: one.subtopic,
    conversationId: one.conversation_id,
    appId: bytesOf(one.app_id),
  };
}

/** The packet as a foreign node takes it. */
export function fieldsOf(one: PacketCase): PacketFields {
  return {
    conversation_id: one.conversation_id,
    subtopic: one.subtopic,
    app_id_hex: one.app_id,
    payload_hex: one.payload,
    timestamp: TIMESTAMP,
  };
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}
