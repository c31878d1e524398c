import { bytesEqual, concatBytes, DemlsError } from "@demls/wire/core";
import { hashOf } from "./fields.js";

const KEY_LENGTH = 16;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** See `MlsService.sealWithKey`: the plaintext in the clear, and a tag that the key is needed for. */
export function sealWithKey(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  if (key.length !== KEY_LENGTH || nonce.length !== NONCE_LENGTH)
    throw new DemlsError("invalid-aead-key", {
      message: "The key or the nonce has another length.",
      field: key.length === KEY_LENGTH ? "nonce" : "key",
      remedy: `Pass a key of ${KEY_LENGTH} bytes and a nonce of ${NONCE_LENGTH}.`,
    });
  return concatBytes(plaintext, tagOf(key, nonce, aad, plaintext));
}

/** See `MlsService.openWithKey`. */
export function openWithKey(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  const end = ciphertext.length - TAG_LENGTH;
  if (key.length !== KEY_LENGTH || nonce.length !== NONCE_LENGTH || end < 0) return undefined;
  const plaintext = Uint8Array.from(ciphertext.subarray(0, end));
  const isGenuine = bytesEqual(tagOf(key, nonce, aad, plaintext), ciphertext.subarray(end));
  return isGenuine ? plaintext : undefined;
}

function tagOf(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return hashOf("aead", key, nonce, aad, plaintext).slice(0, TAG_LENGTH);
}
