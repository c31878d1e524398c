import { randomBytes, randomInt, randomUUID } from "node:crypto";
import protobuf from "protobufjs/minimal.js";

import { encodeRpc } from "./rpc.mjs";

/** Random bytes to cut from: drawing new ones for each message would slow the flood down. */
const POOL = randomBytes(8_388_608);

const SUBTOPICS = ["app_msg", "welcome", "x".repeat(200)];

/**
 * What is sent to a node, by its kind: each gives the bytes of one more RPC, about 16 KiB of them.
 *
 * @type {Readonly<Record<string, (topic: string) => Uint8Array>>}
 */
export const KINDS = {
  /** Messages on the conversation's topic that are no packets. */
  "random bytes": (topic) => messages(32, () => ({ topic, data: garbage(400) })),
  /** Messages larger than any may be. */
  oversized: (topic) => messages(1, () => ({ topic, data: garbage(1_100_000) })),
  /** Messages of the largest size that are no packets. */
  large: (topic) => messages(1, () => ({ topic, data: garbage(1_000_000) })),
  /** Packets of the conversation, by their form: only who opens them finds that they are none. */
  "random payloads": (topic) => messages(32, (index) => ({ topic, data: envelope(index) })),
  /** The same as a single RPC each, which costs a node more. */
  "random payloads one by one": (topic) => messages(1, (index) => ({ topic, data: envelope(index) })),
  /** Packets of other conversations. */
  "unknown conversations": () =>
    messages(32, (index) => ({
      topic: `/demls/1/${garbage(32).toString("hex")}`,
      data: envelope(index),
    })),
  /** Messages on topics of nobody. */
  "random topics": () => messages(32, () => ({ topic: randomUUID(), data: garbage(400) })),
  /** Messages that say who sent them, which none of ours may. */
  authored: (topic) => messages(32, () => ({ topic, data: garbage(400), from: garbage(38) })),
  /** Promises of messages that there are not. */
  ihave: (topic) => encodeRpc({ ihave: [{ topic, ids: Array.from({ length: 500 }, () => garbage(32)) }] }),
  iwant: () => encodeRpc({ iwant: Array.from({ length: 500 }, () => garbage(32)) }),
  /** Subscriptions to topics of nobody, and their ends. */
  subscriptions: () => {
    const topics = Array.from({ length: 200 }, () => randomUUID());
    const change = (/** @type {boolean} */ subscribe) => topics.map((topic) => ({ topic, subscribe }));
    return encodeRpc({ subscriptions: [...change(true), ...change(false)] });
  },
  /** The conversation's topic, subscribed to and left again and again. */
  "coming and going": (topic) =>
    encodeRpc({
      subscriptions: Array.from({ length: 200 }, (_, index) => ({ topic, subscribe: index % 2 === 0 })),
      graft: [topic],
    }),
  /** What is no RPC, behind a length that says it is one. */
  "broken RPCs": () => Uint8Array.of(0x80, 0x80, 0x01, ...garbage(16_384)),
};

/** So many of them, seldom the same. @param {number} length */
function garbage(length) {
  const start = randomInt(POOL.length - length);
  return POOL.subarray(start, start + length);
}

/** @param {number} count @param {(index: number) => { topic: string; data: Uint8Array; from?: Uint8Array }} message */
function messages(count, message) {
  return encodeRpc({ messages: Array.from({ length: count }, (_, index) => message(index)) });
}

/** A `WakuMessage` as the plain framing has it. @param {number} index */
function envelope(index) {
  return protobuf.Writer.create()
    .uint32((1 << 3) | 2)
    .bytes(garbage(300))
    .uint32((2 << 3) | 2)
    .string(SUBTOPICS[index % SUBTOPICS.length] ?? "")
    .uint32((11 << 3) | 2)
    .bytes(garbage(16))
    .finish();
}
