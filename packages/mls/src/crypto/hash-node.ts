import { createHmac, hash } from "node:crypto";

const BLOCK_LENGTH = 64;
const HASH_LENGTH = 32;

/** Block and message of the inner hash, block and hash of the outer one, between two calls all zeros. */
const inner = new Uint8Array(1_024);
const outer = Buffer.alloc(BLOCK_LENGTH + HASH_LENGTH);

/** SHA-256. The call without a Hash object takes half the time of one with it. */
export function sha256(data: Uint8Array): Uint8Array {
  return plainBytes(hash("sha256", data, "buffer"));
}

/**
 * HMAC-SHA256 of the parts, one after the other (RFC 2104).
 *
 * What MLS derives is short, and deriving it is most of what a commit to a large group does: two calls of
 * `hash` take two thirds of the time of an Hmac object, which has to be collected as well.
 */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, BLOCK_LENGTH);
  if (key.length > BLOCK_LENGTH || length > inner.length) return longHmacSha256(key, parts);
  for (let i = 0; i < BLOCK_LENGTH; i++) {
    const byte = key[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  let end = BLOCK_LENGTH;
  for (const part of parts) {
    inner.set(part, end);
    end += part.length;
  }
  const message = inner.subarray(0, length);
  // As a string of bytes a hash is had three times as fast as in a buffer of its own.
  outer.write(hash("sha256", message, "binary"), BLOCK_LENGTH, "binary");
  const mac = hash("sha256", outer, "buffer");
  message.fill(0);
  outer.fill(0);
  return plainBytes(mac);
}

function longHmacSha256(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return plainBytes(hmac.digest());
}

/** A Buffer's bytes as a plain Uint8Array, so that values compare alike on every platform. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
