import type { RandomSource } from "@demls/wire/core";

/** Maximum length of one `getRandomValues` call, in bytes. */
const CHUNK_BYTES = 65_536;

/** The platform's cryptographically strong random source. */
export const platformRandom: RandomSource = {
  bytes(length) {
    const bytes = new Uint8Array(length);
    for (let start = 0; start < length; start += CHUNK_BYTES) {
      crypto.getRandomValues(bytes.subarray(start, start + CHUNK_BYTES));
    }
    return bytes;
  },
};
