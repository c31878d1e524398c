import { DemlsError } from "@demls/wire/core";
import type { Hpke } from "../ts-mls.js";

/** Keys of HPKE: X25519, 32 bytes each. */
export interface HpkeKeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** Result of `MlsService.hpkeSeal`. */
export interface HpkeSealed {
  /** Encapsulated key, 32 bytes. */
  readonly enc: Uint8Array;
  /** The ciphertext, followed by its 16-byte tag. */
  readonly ciphertext: Uint8Array;
}

/** See {@link MlsService.hpkeKeyPair}. */
export async function hpkeKeyPair(hpke: Hpke): Promise<HpkeKeyPair> {
  const pair = await hpke.generateKeyPair();
  const [publicKey, privateKey] = await Promise.all([
    hpke.exportPublicKey(pair.publicKey),
    hpke.exportPrivateKey(pair.privateKey),
  ]);
  return { publicKey, privateKey };
}

/** See {@link MlsService.hpkeSeal}. */
export async function hpkeSeal(
  hpke: Hpke,
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<HpkeSealed> {
  try {
    const { enc, ct } = await hpke.seal(await hpke.importPublicKey(publicKey), plaintext, info, aad);
    return { enc, ciphertext: ct };
  } catch {
    throw new DemlsError("invalid-hpke-key", {
      message: "Nothing can be encrypted to the public key.",
      field: "publicKey",
      remedy: "Pass an X25519 public key of 32 bytes, as hpkeKeyPair() makes it.",
    });
  }
}

/** See {@link MlsService.hpkeOpen}. */
export async function hpkeOpen(
  hpke: Hpke,
  privateKey: Uint8Array,
  { enc, ciphertext }: HpkeSealed,
  info: Uint8Array,
  aad: Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    return await hpke.open(await hpke.importPrivateKey(privateKey), enc, ciphertext, info, aad);
  } catch {
    return undefined;
  }
}
