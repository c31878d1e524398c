import type { Primitives } from "./primitives.js";

/** HKDF-SHA256 output size in bytes. */
export const HASH_LENGTH = 32;

/** The block counter is one byte. */
const MAX_LENGTH = 255 * HASH_LENGTH;

type HmacSha256 = Primitives["hmacSha256"];

/** HKDF-Expand (RFC 5869 § 2.3). */
export function hkdfExpand(
  hmacSha256: HmacSha256,
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (length > MAX_LENGTH) throw new Error(`HKDF gives at most ${MAX_LENGTH} bytes.`);
  const first = hmacSha256(prk, info, Uint8Array.of(1));
  if (length === HASH_LENGTH) return first;
  if (length < HASH_LENGTH) return first.slice(0, length);
  const output = new Uint8Array(length);
  output.set(first);
  let block = first;
  for (let i = 2, filled = HASH_LENGTH; filled < length; i++, filled += HASH_LENGTH) {
    block = hmacSha256(prk, block, info, Uint8Array.of(i));
    output.set(block.subarray(0, length - filled), filled);
  }
  return output;
}
