import { bytesEqual, concatBytes } from "@demls/wire/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import type { Ed25519 } from "./primitives.js";

const { Point } = ed25519;
const { ORDER } = Point.Fn;

/** Ed25519 in JavaScript. */
export const nobleEd25519: Ed25519 = {
  sign: (privateKey, message) => ed25519.sign(message, privateKey),
  verify: verifyWithoutCofactor,
  publicKey: (privateKey) => ed25519.getPublicKey(privateKey),
};

/**
 * Verification as node:crypto, WebCrypto and ed25519-dalek have it: the equation of RFC 8032 § 5.1.7
 * without the cofactor.
 *
 * Noble's own multiplies by the cofactor, and so takes signatures with a nonce off the prime-order
 * subgroup that the others refuse: a member could part a group with one.
 */
function verifyWithoutCofactor(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const nonce = signature.subarray(0, 32);
  const s = bytesToNumberLE(signature.subarray(32));
  const challenge = bytesToNumberLE(sha512(concatBytes(nonce, publicKey, message))) % ORDER;
  // The others read a y coordinate that was not reduced as well. An `s` that was not, they refuse, and this throws.
  const signer = Point.fromBytes(publicKey, true);
  const expected = Point.BASE.multiplyUnsafe(s).subtract(signer.multiplyUnsafe(challenge));
  return bytesEqual(expected.toBytes(), nonce);
}
