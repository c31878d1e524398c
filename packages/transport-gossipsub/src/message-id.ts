import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { WAKU_PUBSUB_TOPIC } from "./waku-topic.js";

/**
 * Id of a gossipsub message. On Waku's topic it is the SHA-256 of the data, as in Waku. On any other topic the hash of
 * the topic precedes the data. Otherwise a copy of the data on another topic would make gossipsub drop the genuine
 * message as a duplicate.
 */
export function messageId(topic: string, data: Uint8Array): Uint8Array {
  if (topic === WAKU_PUBSUB_TOPIC) return sha256(data);
  return sha256
    .create()
    .update(sha256(utf8ToBytes(topic)))
    .update(data)
    .digest();
}

/** Hash of a message's data without its topic, in hex. */
export function dataHash(data: Uint8Array): string {
  return bytesToHex(sha256(data));
}
