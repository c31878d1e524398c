import { sha256 } from "#sha256";
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
  return isIntact(place, stored) ? new Uint8Array(stored.subarray(CHECKSUM_BYTES)) : undefined;
}

/** Whether the value is the one that was stored here. */
export function isIntact(place: Place, stored: Uint8Array): boolean {
  if (stored.length < CHECKSUM_BYTES) return false;
  const expected = checksum(place, stored.subarray(CHECKSUM_BYTES));
  // A loop: it runs for each record of a store.
  for (let at = 0; at < CHECKSUM_BYTES; at++) if (stored[at] !== expected[at]) return false;
  return true;
}

/** The checksum of a stored value as a number. */
export function checksumOf(stored: Uint8Array): bigint {
  const view = new DataView(stored.buffer, stored.byteOffset, CHECKSUM_BYTES);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

const encoder = new TextEncoder();

/** Space for most records, reused since each opening reads them all. */
const scratch = new Uint8Array(16_384);
const MAX_UTF8_BYTES = 3;

function checksum({ namespace, key }: Place, value: Uint8Array): Uint8Array {
  // The text ends where its last bracket is, so no other place and value have the same bytes.
  const place = JSON.stringify([namespace, key]);
  const most = MAX_UTF8_BYTES * place.length + value.length;
  const space = most > scratch.length ? new Uint8Array(most) : scratch;
  const { written } = encoder.encodeInto(place, space);
  const record = space.subarray(0, written + value.length);
  record.set(value, written);
  const sum = sha256(record);
  // The value may be secret.
  record.fill(0);
  return sum.subarray(0, CHECKSUM_BYTES);
}
