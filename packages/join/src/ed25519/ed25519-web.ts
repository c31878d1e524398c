import { bytesEqual, concatBytes } from "@demls/wire/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { signerPoint } from "./signer-point.js";

const { Point } = ed25519;

/** The Ed25519 signature of `message`, 64 bytes. */
export function sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, secretKey);
}

/**
 * Whether `signature`, 64 bytes, is one of `message` by the cofactorless equation of RFC 8032 § 5.1.7, as in node:crypto.
 * Noble's own verification multiplies by the cofactor, and accepts more.
 *
 * @throws Error if the key or the scalar of the signature is not canonical, or the key has small order.
 */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const nonce = signature.subarray(0, 32);
  const challenge = Point.Fn.create(bytesToNumberLE(sha512(concatBytes(nonce, publicKey, message))));
  const ofSigner = signerPoint(publicKey).multiplyUnsafe(challenge);
  const expected = Point.BASE.multiplyUnsafe(bytesToNumberLE(signature.subarray(32))).subtract(ofSigner);
  return bytesEqual(expected.toBytes(), nonce);
}
