import { createHmac } from "node:crypto";

/** HKDF-SHA256 output size in bytes. */
export const HASH_LENGTH = 32;

/** HMAC-SHA256 of the parts, one after the other. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return plainBytes(hmac.digest());
}

/** HKDF-Expand (RFC 5869 § 2.3). */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length <= HASH_LENGTH) return hmacSha256(prk, info, Uint8Array.of(1)).slice(0, length);
  const output = new Uint8Array(length);
  let block = new Uint8Array(0);
  for (let i = 1, filled = 0; filled < length; i++) {
    block = new Uint8Array(hmacSha256(prk, block, info, Uint8Array.of(i)));
    output.set(block.subarray(0, length - filled), filled);
    filled += block.length;
  }
  return output;
}

/** A Buffer's bytes as a plain Uint8Array, so that values compare alike on every platform. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
