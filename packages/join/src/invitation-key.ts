import { sign, verify } from "#ed25519";
import { utf8ToBytes } from "@demls/wire/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const KEY_INFO = utf8ToBytes("demls invitation");
const MEMBERS_INFO = utf8ToBytes("demls invitation members");

/** The Ed25519 public key of the invitation with this seed. */
export function invitationKey(seed: Uint8Array): Uint8Array {
  // On Node too: node:crypto takes longer to parse a secret key.
  return withSecretKey(seed, (secretKey) => ed25519.getPublicKey(secretKey));
}

/** The signature of `message` by the secret key of the invitation with this seed. */
export function signedByInvitation(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return withSecretKey(seed, (secretKey) => sign(secretKey, message));
}

/** Whether `signature` is one of `message` by the Ed25519 secret key of `key`, by RFC 8032. Never throws. */
export function isSignedBy(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return verify(key, message, signature);
  } catch {
    return false;
  }
}

/** The key that the inviter shares with the members: the holder of the invitation derives the same. */
export function memberKeyOf(seed: Uint8Array): Uint8Array {
  return hkdf(sha256, seed, undefined, MEMBERS_INFO, 32);
}

/** Derives the secret key for one call, and wipes it. */
function withSecretKey<T>(seed: Uint8Array, use: (secretKey: Uint8Array) => T): T {
  const secretKey = hkdf(sha256, seed, undefined, KEY_INFO, 32);
  try {
    return use(secretKey);
  } finally {
    secretKey.fill(0);
  }
}
