import { bytesToHex } from "@demls/wire/core";
import type { Signature } from "../ts-mls.js";

/**
 * Y coordinates of the points of small order on Edwards25519, little-endian with the sign bit clear. Includes the two
 * non-canonical encodings that decoders accept (y = p and y = p + 1).
 */
const SMALL_ORDER_Y = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/** Whether 32 bytes encode a point of small order, with either sign. */
export function isSmallOrderPoint(encoding: Uint8Array): boolean {
  const unsigned = Uint8Array.from(encoding);
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f;
  return SMALL_ORDER_Y.has(bytesToHex(unsigned));
}

/**
 * Ed25519 verification as strict as OpenMLS 0.8's (ed25519-dalek's `verify_strict`), on every platform.
 *
 * OpenSSL and WebCrypto accept keys and nonces of small order; dalek rejects them. Without this check a member could
 * sign a message that only half of a mixed group accepts. Malformed input yields `false`, never an exception, since all
 * of it comes from the network.
 */
export function strictSignature(signature: Signature): Signature {
  return {
    ...signature,
    async verify(publicKey, message, value) {
      if (publicKey.length !== 32 || value.length !== 64) return false;
      if (isSmallOrderPoint(publicKey) || isSmallOrderPoint(value.subarray(0, 32))) return false;
      try {
        return await signature.verify(publicKey, message, value);
      } catch {
        return false;
      }
    },
  };
}
