import { createCipheriv, createDecipheriv } from "node:crypto";
import { plainBytes } from "./hkdf-node.js";

const TAG_LENGTH = 16;

/** AES-128-GCM: ciphertext and tag. */
export function aesGcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  cipher.setAAD(aad);
  return plainBytes(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
}

/** The plaintext. Throws where the tag doesn't match. */
export function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const tagStart = ciphertext.length - TAG_LENGTH;
  if (tagStart < 0) throw new Error("The ciphertext is shorter than its tag.");
  const decipher = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad);
  decipher.setAuthTag(ciphertext.subarray(tagStart));
  return plainBytes(Buffer.concat([decipher.update(ciphertext.subarray(0, tagStart)), decipher.final()]));
}
