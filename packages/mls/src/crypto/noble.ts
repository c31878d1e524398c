/**
 * JavaScript implementations of primitives that a platform's WebCrypto may lack. Other files load this one with
 * `import()` only when needed, so most browsers never fetch it.
 */
import { bytesEqual, concatBytes } from "@demls/wire/core";
import { gcm } from "@noble/ciphers/aes.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import type { AesGcm, Ed25519, X25519 } from "./primitives.js";

/** AES-128-GCM in JavaScript. */
export const nobleAesGcm: AesGcm = {
  seal: (key, nonce, aad, plaintext) => gcm(key, nonce, aad).encrypt(plaintext),
  open: (key, nonce, aad, ciphertext) => gcm(key, nonce, aad).decrypt(ciphertext),
};

/** X25519 in JavaScript. */
export const nobleX25519: X25519 = {
  sharedSecret: (privateKey, publicKey) => x25519.getSharedSecret(privateKey, publicKey),
  publicKey: (privateKey) => x25519.getPublicKey(privateKey),
};

const { Point } = ed25519;
const { ORDER } = Point.Fn;

/** Ed25519 in JavaScript. */
export const nobleEd25519: Ed25519 = {
  sign: (privateKey, message) => ed25519.sign(message, privateKey),
  verify: verifyWithoutCofactor,
  publicKey: (privateKey) => ed25519.getPublicKey(privateKey),
};

/**
 * Verification by the cofactorless equation of RFC 8032 § 5.1.7, as in node:crypto, WebCrypto and ed25519-dalek.
 *
 * Noble's own verification multiplies by the cofactor. It therefore accepts signatures with a nonce outside the
 * prime-order subgroup. The others reject them, so a member could fork a group with one.
 */
function verifyWithoutCofactor(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const nonce = signature.subarray(0, 32);
  const s = bytesToNumberLE(signature.subarray(32));
  const challenge = bytesToNumberLE(sha512(concatBytes(nonce, publicKey, message))) % ORDER;
  // Like the others, this accepts an unreduced y coordinate. For an unreduced `s`, which the others reject, it throws.
  const signer = Point.fromBytes(publicKey, true);
  const expected = Point.BASE.multiplyUnsafe(s).subtract(signer.multiplyUnsafe(challenge));
  return bytesEqual(expected.toBytes(), nonce);
}
