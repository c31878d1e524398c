import { hexToBytes, type RandomSource } from "@demls/wire/core";

/** Bytes of a hexadecimal literal. */
export function unhex(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`Not hexadecimal: ${hex}`);
  return bytes;
}

/** Random source that returns these bytes once. */
export function drawing(bytes: Uint8Array): RandomSource {
  let at = 0;
  return { bytes: (length) => Uint8Array.from(bytes.subarray(at, (at += length))) };
}
