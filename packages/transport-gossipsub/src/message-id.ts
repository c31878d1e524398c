import { bytesToHex } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";

/** The id of a gossipsub message, by Waku and here: the SHA-256 of its data, in hex. */
export function messageId(data: Uint8Array): string {
  return bytesToHex(sha256(data));
}
