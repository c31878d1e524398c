import {
  bytesEqual,
  concatBytes,
  type RandomSource,
  TlsReader,
  tlsUint,
  tlsVector,
  utf8ToBytes,
} from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeInvitation, encodeInvitation, invitationOf, MAX_FORM_BYTES } from "./invitation-codec.js";
import { invalidTerms } from "./invitation-errors.js";
import { invitationKey, isSignedBy, memberKeyOf, signedByInvitation } from "./invitation-key.js";
import type { Invitation } from "./invitation.js";
import { secretForm } from "./secret-form.js";

const VERSION = 1;
const LABEL = utf8ToBytes("demls probe\0");
const NONCE_BYTES = 16;
const KEY_BYTES = 32;
const REFERENCE_BYTES = 32;
const SIGNATURE_BYTES = 64;
const MAX_UINT32 = 0xffff_ffff;

/**
 * Minimum length of a probe in bytes. Two members answer: together at most 1.5 times as much, so that a flood of probes gains
 * little.
 */
export const MIN_PROBE_BYTES = 1_024;

/** Maximum length of a probe in bytes: each field has its maximum. */
export const MAX_PROBE_BYTES =
  1 + 2 + MAX_FORM_BYTES + NONCE_BYTES + KEY_BYTES + 4 + 1 + REFERENCE_BYTES + SIGNATURE_BYTES;

/** Maximum age of a probe and of its answers in seconds, to either side: the clocks of a joiner and of a member differ. */
export const MAX_PROBE_AGE_SECONDS = 7_200;

/** A joiner's question to the members of a conversation: who is there, and how far is my request? */
export interface JoinProbe {
  /** The invitation that the joiner holds, with the group that it asks. */
  readonly invitation: Invitation;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  /** X25519 public key to which members seal their readiness, 32 bytes. */
  readonly replyKey: Uint8Array;
  /** Time of sending by the joiner's wall clock, in seconds since the Unix epoch, unsigned 32-bit. */
  readonly sentAt: number;
  /** Reference of the key package that the joiner has announced, 32 bytes; `undefined`: none. */
  readonly keyPackageReference: Uint8Array | undefined;
  /** SHA-256 of the encoded probe. */
  readonly digest: Uint8Array;
}

/** A probe that waits for answers, with the secrets that open them. Wipe it by {@link forgetProbe}; never log it. */
export interface PendingProbe {
  readonly invitation: Invitation;
  /** As in {@link JoinProbe}. */
  readonly nonce: Uint8Array;
  /** As in {@link JoinProbe}. */
  readonly digest: Uint8Array;
  /** X25519 secret key of the probe's reply key, 32 bytes. */
  readonly replySecretKey: Uint8Array;
  /** The key of the invitation that its inviter shares with the members, 32 bytes. */
  readonly memberKey: Uint8Array;
}

/** Key pair of a probe: X25519, 32 bytes each. */
export interface ReplyKeys {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** Options of {@link createProbe}. */
export interface ProbeOptions {
  /** The secret form of the invitation, which is left as it is. */
  readonly secret: Uint8Array;
  /** As in {@link JoinProbe}. @defaultValue none */
  readonly keyPackageReference?: Uint8Array | undefined;
  /** Fresh keys, to which members seal their answers: X25519, as `MlsService.hpkeKeyPair`. They are copied. */
  readonly replyKeys: ReplyKeys;
  readonly random: RandomSource;
  /** Wall clock, whole seconds since the Unix epoch, unsigned 32-bit. */
  readonly nowSeconds: bigint | number;
}

/** A new probe. */
export interface CreatedProbe {
  /** The encoded probe, at least {@link MIN_PROBE_BYTES} long. Listeners learn the invitation's public form from it. */
  readonly bytes: Uint8Array;
  readonly pending: PendingProbe;
}

/**
 * Result of reading a probe. `malformed`: it is not the encoding of one. `version`: a later release wrote it or its
 * invitation. `forged`: the holder of the invitation did not sign it.
 */
export type ReadProbe =
  | { readonly ok: true; readonly probe: JoinProbe }
  | { readonly ok: false; readonly reason: "malformed" | "version" | "forged" };

/**
 * Asks the members of a strict conversation for their readiness. Each probe has a reply key of its own.
 *
 * @throws DemlsError `invitation-invalid` if `secret` is no secret form; `invalid-invitation-terms` if the invitation
 * has no group id.
 * @throws RangeError if the time or the reference is not as described.
 */
export function createProbe(options: ProbeOptions): CreatedProbe {
  const { secret, keyPackageReference: reference = new Uint8Array(), replyKeys, random } = options;
  const sentAt = Number(options.nowSeconds);
  if (!Number.isSafeInteger(sentAt) || sentAt < 0 || sentAt > MAX_UINT32)
    throw new RangeError("nowSeconds is not an unsigned 32-bit number");
  if (replyKeys.publicKey.length !== KEY_BYTES)
    throw new RangeError("the public reply key does not have 32 bytes");
  if (!isReference(reference)) throw new RangeError("keyPackageReference does not have 32 bytes");
  const { terms, seedOrKey: seed, signature } = secretForm(secret);
  try {
    if (terms.groupId === undefined)
      throw invalidTerms("groupId", "Use the invitation of a strict conversation.");
    const invitation = invitationOf(terms, invitationKey(seed), signature);
    const nonce = random.bytes(NONCE_BYTES);
    const replySecretKey = Uint8Array.from(replyKeys.privateKey);
    const unsigned = concatBytes(
      Uint8Array.of(VERSION),
      tlsVector(encodeInvitation(invitation)),
      nonce,
      replyKeys.publicKey,
      tlsUint(sentAt, 4),
      tlsVector(reference),
    );
    const signed = concatBytes(unsigned, signedByInvitation(seed, concatBytes(LABEL, unsigned)));
    const bytes = concatBytes(signed, padding(signed.length));
    const memberKey = memberKeyOf(seed);
    return { bytes, pending: { invitation, nonce, digest: sha256(bytes), replySecretKey, memberKey } };
  } finally {
    seed.fill(0);
  }
}

/** Wipes the secrets of a probe, which can open no readiness from then on. */
export function forgetProbe(pending: PendingProbe): void {
  pending.replySecretKey.fill(0);
  pending.memberKey.fill(0);
}

/**
 * Reads a probe, and checks that the holder of its invitation made it. Never throws.
 *
 * It checks neither the inviter's signature ({@link verifyInvitation}) nor the expiry ({@link hasExpired}), nor whether
 * the probe is old or was read before.
 *
 * @param bytes - as received.
 */
export function readProbe(bytes: Uint8Array): ReadProbe {
  if (bytes.length < MIN_PROBE_BYTES || bytes.length > MAX_PROBE_BYTES)
    return { ok: false, reason: "malformed" };
  if (bytes[0] !== VERSION) return { ok: false, reason: bytes[0] === 0 ? "malformed" : "version" };
  try {
    return read(bytes);
  } catch {
    // The bytes end too early, or have a length that no encoder writes.
    return { ok: false, reason: "malformed" };
  }
}

function read(bytes: Uint8Array): ReadProbe {
  const reader = new TlsReader(bytes);
  reader.uint(1);
  const decoded = decodeInvitation(reader.vector());
  if (!decoded.ok) return decoded;
  const { invitation } = decoded;
  const [nonce, replyKey, sentAt] = [reader.take(NONCE_BYTES), reader.take(KEY_BYTES), reader.uint(4)];
  const reference = reader.vector();
  const unsigned = bytes.subarray(0, reader.count);
  const signature = reader.take(SIGNATURE_BYTES);
  const isPadded = bytesEqual(padding(reader.count), reader.rest());
  if (!isReference(reference) || !isPadded || invitation.groupId === undefined)
    return { ok: false, reason: "malformed" };
  if (!isSignedBy(invitation.key, concatBytes(LABEL, unsigned), signature))
    return { ok: false, reason: "forged" };
  const keyPackageReference = reference.length === 0 ? undefined : reference;
  const digest = sha256(bytes);
  return { ok: true, probe: { invitation, nonce, replyKey, sentAt, keyPackageReference, digest } };
}

/** The zeros after a signed probe. They follow from its length, so that no signature needs to cover them. */
function padding(signedLength: number): Uint8Array {
  return new Uint8Array(Math.max(0, MIN_PROBE_BYTES - signedLength));
}

function isReference(reference: Uint8Array): boolean {
  return reference.length === 0 || reference.length === REFERENCE_BYTES;
}
