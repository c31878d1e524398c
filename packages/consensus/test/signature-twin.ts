import { bytesToHex, concatBytes } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytes } from "./fixtures.js";

/** Equivalent signature: s in the other half of the order, v with the other parity. */
export function signatureTwin(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${bytesToHex(signature.subarray(32, 64))}`);
  const mirrored = (secp256k1.Point.Fn.ORDER - s).toString(16).padStart(64, "0");
  const v = signature[64] === 27 ? 28 : 27;
  return concatBytes(signature.subarray(0, 32), bytes(mirrored), Uint8Array.of(v));
}
