import { concatBytes, type RandomSource, TlsReader, tlsVector, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeInvitation, encodeForm, MAX_FORM_BYTES } from "./invitation-codec.js";
import { invitationKey, isSignedBy, signedByInvitation } from "./invitation-key.js";
import type { Invitation } from "./invitation.js";
import { secretForm } from "./secret-form.js";

const LABEL = utf8ToBytes("demls redemption\0");
const SIGNATURE_BYTES = 64;
const NONCE_BYTES = 16;
/** Maximum length of a redemption: both vectors with their lengths, and the nonce. */
const MAX_REDEMPTION_BYTES = 2 + MAX_FORM_BYTES + NONCE_BYTES + 2 + SIGNATURE_BYTES;

/**
 * Result of reading a redemption. `malformed`: it is not the encoding of one. `version`: a later release wrote its
 * invitation. `forged`: the holder of the invitation did not sign this key package.
 */
export type ReadRedemption =
  | {
      readonly ok: true;
      readonly invitation: Invitation;
      /** 16 random bytes of the joiner, which a {@link Confirmation} repeats. */
      readonly nonce: Uint8Array;
    }
  | { readonly ok: false; readonly reason: "malformed" | "version" | "forged" };

/**
 * Shows that the joiner with this key package holds the invitation. The result contains the public form, and may be
 * published: a listener can use it for no other key package.
 *
 * It does not check the inviter's signature: {@link parseInvitation} did.
 *
 * @param secret - the secret form, which is left as it is.
 * @param keyPackage - the joiner's encoded key package.
 * @param random - source of the nonce.
 * @returns the encoded redemption.
 * @throws DemlsError `invitation-invalid` if `secret` is no secret form.
 */
export function redeemInvitation(
  secret: Uint8Array,
  keyPackage: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const { terms, seedOrKey: seed, signature } = secretForm(secret);
  const nonce = random.bytes(NONCE_BYTES);
  const form = encodeForm({ terms, seedOrKey: invitationKey(seed), signature });
  const redeemed = signedByInvitation(seed, redemptionMessage(form, nonce, keyPackage));
  seed.fill(0);
  return concatBytes(tlsVector(form), nonce, tlsVector(redeemed));
}

/**
 * Reads a redemption, and checks that the holder of its invitation made it for this key package. Never throws.
 *
 * It checks neither the inviter's signature ({@link verifyInvitation}) nor the time ({@link hasExpired}), and does not
 * count the uses.
 *
 * @param redemption - as received.
 * @param keyPackage - the joiner's encoded key package, as received.
 */
export function readRedemption(redemption: Uint8Array, keyPackage: Uint8Array): ReadRedemption {
  const parts = partsOf(redemption);
  if (parts === undefined) return { ok: false, reason: "malformed" };
  const decoded = decodeInvitation(parts.form);
  if (!decoded.ok) return decoded;
  const { key } = decoded.invitation;
  if (!isSignedBy(key, redemptionMessage(parts.form, parts.nonce, keyPackage), parts.signature))
    return { ok: false, reason: "forged" };
  return { ...decoded, nonce: parts.nonce };
}

/** The invitation is part of it, so that no other inviter can present the redemption with terms of its own. */
function redemptionMessage(form: Uint8Array, nonce: Uint8Array, keyPackage: Uint8Array): Uint8Array {
  return concatBytes(LABEL, sha256(form), nonce, sha256(keyPackage));
}

function partsOf(
  redemption: Uint8Array,
): { readonly form: Uint8Array; readonly nonce: Uint8Array; readonly signature: Uint8Array } | undefined {
  if (redemption.length > MAX_REDEMPTION_BYTES) return undefined;
  try {
    const reader = new TlsReader(redemption);
    const [form, nonce, signature] = [reader.vector(), reader.take(NONCE_BYTES), reader.vector()];
    return reader.isAtEnd && signature.length === SIGNATURE_BYTES ? { form, nonce, signature } : undefined;
  } catch {
    return undefined;
  }
}
