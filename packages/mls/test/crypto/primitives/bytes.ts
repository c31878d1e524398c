import { hexToBytes, type RandomSource } from "@demls/wire/core";

/** The bytes that a hexadecimal literal stands for. */
export function unhex(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`Not hexadecimal: ${hex}`);
  return bytes;
}

/** Randomness that is these bytes, once. */
export function drawing(bytes: Uint8Array): RandomSource {
  let at = 0;
  return { bytes: (length) => Uint8Array.from(bytes.subarray(at, (at += length))) };
}
