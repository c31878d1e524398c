import { createHash, createHmac } from "node:crypto";

/** SHA-256 over node:crypto. */
export function sha256(data: Uint8Array): Uint8Array {
  return plainBytes(createHash("sha256").update(data).digest());
}

/** HMAC-SHA256 over node:crypto, of the parts one after the other. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return plainBytes(hmac.digest());
}

/** A Buffer's bytes as a plain Uint8Array, so that values compare alike on every platform. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
