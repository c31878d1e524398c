import { createCipheriv, createDecipheriv } from "node:crypto";
import { plainBytes } from "./hash-node.js";
import type { AesGcm } from "./primitives.js";

const TAG_LENGTH = 16;

/** AES-128-GCM over node:crypto. */
export const aesGcm: AesGcm = {
  seal(key, nonce, aad, plaintext) {
    const cipher = createCipheriv("aes-128-gcm", key, nonce);
    cipher.setAAD(aad);
    return plainBytes(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  open(key, nonce, aad, ciphertext) {
    const tagStart = ciphertext.length - TAG_LENGTH;
    if (tagStart < 0) throw new Error("The ciphertext is shorter than its tag.");
    const decipher = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAAD(aad);
    decipher.setAuthTag(ciphertext.subarray(tagStart));
    return plainBytes(Buffer.concat([decipher.update(ciphertext.subarray(0, tagStart)), decipher.final()]));
  },
};
