import { Buffer } from "node:buffer";
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import protobuf from "protobufjs/minimal.js";

import { encodeRpc } from "./rpc.mjs";

/** Pool of random bytes: generating new ones for each message would slow the flood down. */
const POOL = randomBytes(8_388_608);

const SUBTOPICS = ["app_msg", "welcome", "x".repeat(200)];

/**
 * Generators of garbage by kind. Each call returns the bytes of one RPC, about 16 KiB.
 *
 * @type {Readonly<Record<string, (topic: string) => Uint8Array>>}
 */
export const KINDS = {
  /** Messages on the conversation's topic that are not packets. */
  "random bytes": (topic) => messages(32, () => ({ topic, data: garbage(400) })),
  /** Messages above the maximum size. */
  oversized: (topic) => messages(1, () => ({ topic, data: garbage(1_100_000) })),
  /** Messages of the maximum size that are not packets. */
  large: (topic) => messages(1, () => ({ topic, data: garbage(1_000_000) })),
  /** Well-formed packets of the conversation whose decryption fails. */
  "random payloads": (topic) => messages(32, (index) => ({ topic, data: garbagePacket(index) })),
  /** The same packets in one RPC each, which costs a node more. */
  "random payloads one by one": (topic) => messages(1, (index) => ({ topic, data: garbagePacket(index) })),
  /** Packets of other conversations. */
  "unknown conversations": () =>
    messages(32, (index) => ({
      topic: `/demls/1/${garbage(32).toString("hex")}`,
      data: garbagePacket(index),
    })),
  /** Messages on topics without subscribers. */
  "random topics": () => messages(32, () => ({ topic: randomUUID(), data: garbage(400) })),
  /** Messages with a sender field, which this protocol forbids. */
  authored: (topic) => messages(32, () => ({ topic, data: garbage(400), from: garbage(38) })),
  /** Announcements (IHAVE) of messages that do not exist. */
  ihave: (topic) => encodeRpc({ ihave: [{ topic, ids: Array.from({ length: 500 }, () => garbage(32)) }] }),
  iwant: () => encodeRpc({ iwant: Array.from({ length: 500 }, () => garbage(32)) }),
  /** Subscriptions to unused topics, and unsubscriptions. */
  subscriptions: () => {
    const topics = Array.from({ length: 200 }, () => randomUUID());
    const change = (/** @type {boolean} */ subscribe) => topics.map((topic) => ({ topic, subscribe }));
    return encodeRpc({ subscriptions: [...change(true), ...change(false)] });
  },
  /** Repeated subscriptions to the conversation's topic, and unsubscriptions. */
  "coming and going": (topic) =>
    encodeRpc({
      subscriptions: Array.from({ length: 200 }, (_, index) => ({ topic, subscribe: index % 2 === 0 })),
      graft: [topic],
    }),
  /** Bytes that are not an RPC, after a valid length. */
  "broken RPCs": () => Uint8Array.of(0x80, 0x80, 0x01, ...garbage(16_384)),
};

/**
 * The generator of a kind. `welcome:` and a payload in hex is a kind, too: a genuine packet of joiners, sent again and
 * again in envelopes of its own.
 *
 * @param {string} kind
 */
export function generatorOf(kind) {
  const [subtopic = "", payload] = kind.split(":");
  if (payload === undefined) return KINDS[kind];
  const bytes = Buffer.from(payload, "hex");
  return (/** @type {string} */ topic) => messages(1, () => ({ topic, data: envelope(bytes, subtopic) }));
}

/**
 * Kinds that members also send, in smaller numbers. The node reads them more slowly, but does not disconnect.
 *
 * @type {readonly string[]}
 */
export const HELD_BACK = ["ihave", "iwant", "subscriptions", "coming and going"];

/** Random bytes, which rarely repeat. @param {number} length */
function garbage(length) {
  const start = randomInt(POOL.length - length);
  return POOL.subarray(start, start + length);
}

/** @param {number} count @param {(index: number) => { topic: string; data: Uint8Array; from?: Uint8Array }} message */
function messages(count, message) {
  return encodeRpc({ messages: Array.from({ length: count }, (_, index) => message(index)) });
}

/** @param {number} index */
function garbagePacket(index) {
  return envelope(garbage(300), SUBTOPICS[index % SUBTOPICS.length] ?? "");
}

/** A `WakuMessage` in the plain framing. @param {Uint8Array} payload @param {string} subtopic */
function envelope(payload, subtopic) {
  return protobuf.Writer.create()
    .uint32((1 << 3) | 2)
    .bytes(payload)
    .uint32((2 << 3) | 2)
    .string(subtopic)
    .uint32((11 << 3) | 2)
    .bytes(garbage(16))
    .finish();
}
