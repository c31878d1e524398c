import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Primitives } from "./primitives.js";

/** Input size from which WebCrypto is faster than noble in every browser, despite the cost of a call. */
const LONG_BYTES = 1024;

/** SHA-256. MLS hashes mostly short inputs: noble is as fast for them, and synchronous. */
export function createSha256(subtle: SubtleCrypto | undefined): Primitives["sha256"] {
  if (subtle === undefined) return sha256;
  return async (data) => {
    if (data.length < LONG_BYTES) return sha256(data);
    return new Uint8Array(await subtle.digest("SHA-256", data as BufferSource));
  };
}

/** HMAC-SHA256. MLS uses nearly every key once, and importing it into WebCrypto would cost more than this. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = hmac.create(sha256, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
