import { readFileSync } from "node:fs";

import type { Packet } from "../../packages/wire/dist/index.js";
import type { PacketFields } from "./foreign-node.js";

/** A packet and its WakuMessage of de-mls 3.0.0, with bytes in hex. */
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

/** Recorded packets of the reference: a plain one, one without a payload, and one with a slash in the name. */
export const [PLAIN, EMPTY, WITH_SLASH] = published as readonly [PacketCase, PacketCase, PacketCase];

/** 150 kB; with its envelope slightly less than the maximum of Waku's networks, 150 KiB. */
export const LARGE: PacketCase = {
  conversation_id: "room",
  subtopic: "welcome",
  app_id: "ff".repeat(16),
  payload: Buffer.from(Array.from({ length: 150_000 }, (_, index) => index % 251)).toString("hex"),
  message: { contentTopic: "/room/1/welcome/proto", version: 2 },
};

/** A time in whole milliseconds, the resolution of Waku's encoder. */
const TIMESTAMP = "1700000000123000000";

/** The packet in the form of this implementation. */
export function packetOf(one: PacketCase): Packet {
  return {
    payload: bytesOf(one.payload),
    subtopic: one.subtopic,
    conversationId: one.conversation_id,
    appId: bytesOf(one.app_id),
  };
}

/** The packet in the form of a foreign node. */
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
