import { sha256 } from "#sha256";
import { bytesEqual, concatBytes, utf8ToBytes } from "@demls/wire/core";
import type { Place } from "./engine.js";

/** Length of the checksum before each stored value. */
export const CHECKSUM_BYTES = 16;

/**
 * The value as it is stored: behind a checksum of namespace, key and value. LevelDB as built for Node does not compare
 * its own checksums when it reads.
 */
export function checkedValue(place: Place, value: Uint8Array): Uint8Array {
  const stored = new Uint8Array(CHECKSUM_BYTES + value.length);
  stored.set(checksum(place, value));
  stored.set(value, CHECKSUM_BYTES);
  return stored;
}

/** A copy of the value; `undefined` if it is not the one that was stored here. */
export function valueIn(place: Place, stored: Uint8Array): Uint8Array | undefined {
  if (stored.length < CHECKSUM_BYTES) return undefined;
  const value = Uint8Array.from(stored.subarray(CHECKSUM_BYTES));
  return bytesEqual(checksum(place, value), stored.subarray(0, CHECKSUM_BYTES)) ? value : undefined;
}

/** The checksum of a stored value as a number. */
export function checksumOf(stored: Uint8Array): bigint {
  const view = new DataView(stored.buffer, stored.byteOffset, CHECKSUM_BYTES);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

function checksum({ namespace, key }: Place, value: Uint8Array): Uint8Array {
  // The text ends where its last bracket is, so no other place and value have the same bytes.
  const place = utf8ToBytes(JSON.stringify([namespace, key]));
  return sha256(concatBytes(place, value)).subarray(0, CHECKSUM_BYTES);
}
