import { concatBytes, utf8ToBytes } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** Size of a recoverable signature in bytes: r (32), s (32), v (1). */
const SIGNATURE_BYTES = 65;

/** Value of v for an even R.y; add one for an odd R.y. */
const CANONICAL_V = 27;

/** Recoverable signature with its parts checked for range, and s in the lower half of the group order. */
export type ParsedSignature = InstanceType<typeof secp256k1.Signature> & { readonly recovery: 0 | 1 };

/** Hash signed by `personal_sign`: Keccak-256 of the prefixed message (EIP-191, version 0x45). */
export function personalMessageHash(message: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`), message));
}

/**
 * Reads every form of a signature that the reference (alloy) accepts. v may be 0/1, 27/28, or 35 and more (EIP-155). s
 * may be in either half: (r, n - s) with the other parity is the same signature.
 *
 * @returns `undefined` for another length or v, and when r or s is not in 1..n-1.
 */
export function parseSignature(signature: Uint8Array): ParsedSignature | undefined {
  if (signature.length !== SIGNATURE_BYTES) return undefined;
  const parity = parityOf(signature[SIGNATURE_BYTES - 1] as number);
  if (parity === undefined) return undefined;
  try {
    const { r, s } = secp256k1.Signature.fromBytes(signature.subarray(0, -1), "compact");
    const half = secp256k1.Point.Fn.ORDER >> 1n;
    const [lowS, recovery] = s > half ? [secp256k1.Point.Fn.ORDER - s, parity ^ 1] : [s, parity];
    return new secp256k1.Signature(r, lowS, recovery) as ParsedSignature;
  } catch {
    return undefined;
  }
}

/** Canonical encoding of r, s and v. */
export function signatureToBytes(signature: ParsedSignature): Uint8Array {
  return concatBytes(signature.toBytes("compact"), Uint8Array.of(CANONICAL_V + signature.recovery));
}

/**
 * Canonical form of a signature: s in the lower half, v 27 or 28. For wallet adapters, as some wallets return v as 0 or
 * 1.
 *
 * @returns `undefined` when it is not a recoverable signature: 65 bytes r, s, v, each within its range.
 */
export function canonicalSignature(signature: Uint8Array): Uint8Array | undefined {
  const parsed = parseSignature(signature);
  return parsed && signatureToBytes(parsed);
}

function parityOf(v: number): 0 | 1 | undefined {
  if (v === 0 || v === 1) return v;
  if (v === 27 || v === 28 || v >= 35) return v % 2 === 0 ? 1 : 0;
  return undefined;
}
