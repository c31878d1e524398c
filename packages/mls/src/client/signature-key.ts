import { DemlsError, type RandomSource } from "@demls/wire/core";
import type { Primitives } from "../crypto/primitives.js";
import type { Signature } from "../ts-mls.js";

/** Ed25519 key pair, in raw form. */
export interface SignatureKeyPair {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * Time at which it was made, in whole seconds since the Unix epoch. Keep it with a key that outlives the process: with
   * another time, the key counts as another one. @default now
   */
  readonly since?: number;
}

/** Key pair of a service. */
export type OwnSignatureKey = Required<SignatureKeyPair>;

/** Latest time of a key in seconds: the last one that a `Date` can hold. */
export const MAX_KEY_SINCE = 8_640_000_000_000;

/** New key pair that counts as later than `former`. */
export async function newSignatureKey(
  { ed25519 }: Primitives,
  random: RandomSource,
  nowSeconds: bigint,
  former?: OwnSignatureKey,
): Promise<OwnSignatureKey> {
  const privateKey = random.bytes(32);
  const since = Math.max(Number(nowSeconds), (former?.since ?? -1) + 1);
  return { privateKey, publicKey: await ed25519.publicKey(privateKey), since };
}

/**
 * Copies a caller's key pair.
 *
 * @throws DemlsError `invalid-signature-key`.
 */
export async function givenSignatureKey(
  signature: Signature,
  given: SignatureKeyPair,
  nowSeconds: bigint,
): Promise<OwnSignatureKey> {
  const privateKey = Uint8Array.from(given.privateKey);
  const publicKey = Uint8Array.from(given.publicKey);
  const { since = Number(nowSeconds) } = given;
  const probe = new Uint8Array(0);
  const isValid =
    privateKey.length === 32 &&
    Number.isInteger(since) &&
    since >= 0 &&
    since <= MAX_KEY_SINCE &&
    (await signature.verify(publicKey, probe, await signature.sign(privateKey, probe)));
  if (!isValid)
    throw new DemlsError("invalid-signature-key", {
      message: "The signature key pair is not an Ed25519 key pair in raw form, or its time is invalid.",
      field: "signatureKeyPair",
      remedy: "Pass a 32-byte private key and its 32-byte public key; `since` in whole seconds, or none.",
    });
  return { privateKey, publicKey, since };
}
