import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { WAKU_PUBSUB_TOPIC } from "./waku-topic.js";

/**
 * The id of a gossipsub message. On Waku's topic it is the SHA-256 of the data, as Waku has it. On any other topic the
 * hash begins with that of the topic: otherwise whoever brings a message's data on another topic first has gossipsub
 * take the genuine message for a duplicate.
 */
export function messageId(topic: string, data: Uint8Array): Uint8Array {
  if (topic === WAKU_PUBSUB_TOPIC) return sha256(data);
  return sha256
    .create()
    .update(sha256(utf8ToBytes(topic)))
    .update(data)
    .digest();
}

/** The hash that a message is known by whatever its topic, in hex. */
export function dataHash(data: Uint8Array): string {
  return bytesToHex(sha256(data));
}
