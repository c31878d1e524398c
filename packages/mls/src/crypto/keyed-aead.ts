import { DemlsError } from "@demls/wire/core";
import type { Hpke } from "../ts-mls.js";
import { KEY_LENGTH, NONCE_LENGTH } from "./hpke-derivations.js";

/** See {@link MlsService.sealWithKey}. */
export async function sealWithKey(
  { encryptAead }: Hpke,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  if (key.length !== KEY_LENGTH) throw wrongLength("key", KEY_LENGTH);
  if (nonce.length !== NONCE_LENGTH) throw wrongLength("nonce", NONCE_LENGTH);
  return encryptAead(key, nonce, aad, plaintext);
}

/** See {@link MlsService.openWithKey}. */
export async function openWithKey(
  { decryptAead }: Hpke,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (key.length !== KEY_LENGTH || nonce.length !== NONCE_LENGTH) return undefined;
  try {
    return await decryptAead(key, nonce, aad, ciphertext);
  } catch {
    return undefined;
  }
}

function wrongLength(field: "key" | "nonce", length: number): DemlsError<"invalid-aead-key"> {
  return new DemlsError("invalid-aead-key", {
    message: `The ${field} is not ${length} bytes long.`,
    field,
    remedy: `Pass a key of ${KEY_LENGTH} bytes and a nonce of ${NONCE_LENGTH}.`,
  });
}
