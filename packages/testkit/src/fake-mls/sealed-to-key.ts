import type { HpkeKeyPair, HpkeSealed } from "@demls/mls";
import { DemlsError, type RandomSource } from "@demls/wire/core";
import { hashOf } from "./fields.js";
import { openWithKey, sealWithKey } from "./keyed-aead.js";

const KEY_LENGTH = 32;

/** See `MlsService.hpkeKeyPair`. */
export function hpkeKeyPair(random: RandomSource): HpkeKeyPair {
  const privateKey = random.bytes(KEY_LENGTH);
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** See `MlsService.hpkeSeal`: the plaintext in the clear, and a tag that the public key is needed for. */
export function hpkeSeal(
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  random: RandomSource,
): HpkeSealed {
  if (publicKey.length !== KEY_LENGTH || publicKey.every((byte) => byte === 0))
    throw new DemlsError("invalid-hpke-key", {
      message: "Nothing can be encrypted to the public key.",
      field: "publicKey",
      remedy: `Pass a key of ${KEY_LENGTH} bytes.`,
    });
  const enc = random.bytes(KEY_LENGTH);
  const { key, nonce } = scheduleOf(publicKey, enc, info);
  return { enc, ciphertext: sealWithKey(key, nonce, aad, plaintext) };
}

/** See `MlsService.hpkeOpen`. */
export function hpkeOpen(
  privateKey: Uint8Array,
  { enc, ciphertext }: HpkeSealed,
  info: Uint8Array,
  aad: Uint8Array,
): Uint8Array | undefined {
  if (privateKey.length !== KEY_LENGTH || enc.length !== KEY_LENGTH) return undefined;
  const { key, nonce } = scheduleOf(publicKeyOf(privateKey), enc, info);
  return openWithKey(key, nonce, aad, ciphertext);
}

function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return hashOf("hpke public key", privateKey);
}

function scheduleOf(
  publicKey: Uint8Array,
  enc: Uint8Array,
  info: Uint8Array,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const secret = hashOf("hpke", publicKey, enc, info);
  return { key: secret.slice(0, 16), nonce: secret.slice(16, 28) };
}
