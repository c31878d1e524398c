import {
  bytesEqual,
  bytesToHex,
  concatBytes,
  hexToBytes,
  type MemberId,
  tlsUint64,
  tlsVector,
} from "@demls/wire/core";
import { isStaleList, MAX_DEPUTIES_BYTES, readDeputies, verifyDeputies } from "./deputies.js";
import { isSignature, readSigned, type SignedLayout } from "./signed-struct.js";
import {
  encodeVouchedKey,
  isSignedByLeaf,
  isVouchedKey,
  readVouchedKey,
  type LeafChecks,
  type SignByLeaf,
  type VouchedKey,
} from "./vouched-key.js";

const VERSION = 1;
const LABEL = "demls confirmation";
const GROUP_ID_BYTES = 16;
const HASH_BYTES = 32;
const NONCE_BYTES = 16;

/** Maximum length of an encoded confirmation in bytes. */
export const MAX_CONFIRMATION_BYTES = 2_048;

/** The epoch that a joiner's key package was added with, as a member of that epoch knows it. */
export interface ConfirmedGroup {
  /** Group id, lower-case hex of 16 bytes. */
  readonly groupId: string;
  /** The epoch that begins with the joiner, unsigned 64-bit. */
  readonly epoch: bigint;
  /** Hash of that epoch's authenticator (RFC 9420, section 8.7), 32 bytes, as in a readiness. */
  readonly head: Uint8Array;
  /** Reference of the key package that was added, 32 bytes. */
  readonly keyPackageReference: Uint8Array;
  /** Nonce of the joiner's redemption, 16 bytes. */
  readonly nonce: Uint8Array;
}

/** A member's word, for one joiner, that a group is the one of the invitation. */
export interface Confirmation extends ConfirmedGroup {
  /** The member that confirms: the inviter, or a deputy. */
  readonly by: VouchedKey;
  /** The inviter's signed list, encoded, if a deputy confirms; otherwise empty. */
  readonly deputies: Uint8Array;
}

/** By whom a joiner is told that a group is the inviter's. */
export type GroupTrust = "inviter" | "deputy";

/**
 * Reason for which a confirmation is not believed:
 *
 * - `malformed`: it is not the encoding of one, or a later release wrote it
 * - `other-joiner`: it answers another redemption, or is of another group
 * - `forged`: the leaf's key did not sign it, or the identity does not vouch for that key
 * - `untrusted`: the member is neither the inviter nor on a list that the inviter has signed for this group
 * - `stale`: the inviter's list is too old
 */
export type ConfirmationFlaw = "malformed" | "other-joiner" | "forged" | "untrusted" | "stale";

/** Result of opening a confirmation. */
export type OpenedConfirmation =
  | { readonly ok: true; readonly confirmation: Confirmation; readonly trust: GroupTrust }
  | { readonly ok: false; readonly reason: ConfirmationFlaw };

/** Values that a joiner expects in a confirmation. */
export interface ExpectedConfirmation extends LeafChecks {
  /** The invitation's inviter. */
  readonly inviter: MemberId;
  /** The invitation's group. */
  readonly groupId: string;
  /** Nonce of the joiner's redemption. */
  readonly nonce: Uint8Array;
  /** Wall clock, seconds since the Unix epoch. */
  readonly nowSeconds: bigint | number;
  /** Difference of two clocks that is tolerated, in seconds. */
  readonly toleranceSeconds: number;
}

/**
 * Confirms to a joiner that the group which has added it is that of its invitation.
 *
 * @returns the encoded confirmation. Listeners can read it; it holds no secret.
 * @throws RangeError if a field is out of range, or the signature does not have 64 bytes.
 */
export async function signConfirmation(confirmation: Confirmation, sign: SignByLeaf): Promise<Uint8Array> {
  const content = encodeConfirmation(confirmation);
  const signature = await sign(LABEL, content);
  if (!isValid(confirmation) || !isSignature(signature))
    throw new RangeError("a field of the confirmation is out of range");
  return concatBytes(content, tlsVector(signature));
}

/**
 * Opens a confirmation and checks it: trust begins with the inviter's identity alone. Never throws.
 *
 * @param bytes - as received.
 */
export async function openConfirmation(
  bytes: Uint8Array,
  expected: ExpectedConfirmation,
): Promise<OpenedConfirmation> {
  const read = readSigned(bytes, LAYOUT);
  if (read === undefined) return { ok: false, reason: "malformed" };
  const { value: confirmation, content, signature } = read;
  const { by, groupId, nonce } = confirmation;
  if (groupId !== expected.groupId || !bytesEqual(nonce, expected.nonce))
    return { ok: false, reason: "other-joiner" };
  const isInviter = by.member === expected.inviter;
  // Before the signatures, which cost more.
  const listFlaw = isInviter ? undefined : await deputyFlaw(confirmation, expected);
  if (listFlaw !== undefined) return { ok: false, reason: listFlaw };
  if (!(await isSignedByLeaf(by, [LABEL, content, signature], expected)))
    return { ok: false, reason: "forged" };
  return { ok: true, confirmation, trust: isInviter ? "inviter" : "deputy" };
}

async function deputyFlaw(
  { by, deputies }: Confirmation,
  expected: ExpectedConfirmation,
): Promise<ConfirmationFlaw | undefined> {
  const list = readDeputies(deputies);
  const isNamed =
    list !== undefined &&
    list.inviter.member === expected.inviter &&
    list.groupId === expected.groupId &&
    list.deputies.includes(by.member);
  if (!isNamed) return "untrusted";
  if (isStaleList(list, expected.nowSeconds, expected.toleranceSeconds)) return "stale";
  return (await verifyDeputies(list, expected)) ? undefined : "untrusted";
}

function encodeConfirmation(confirmation: Confirmation): Uint8Array {
  const { groupId, epoch, head, keyPackageReference, nonce, by, deputies } = confirmation;
  return concatBytes(
    Uint8Array.of(VERSION),
    tlsVector(hexToBytes(groupId) ?? new Uint8Array()),
    tlsUint64(epoch),
    tlsVector(head),
    tlsVector(keyPackageReference),
    nonce,
    encodeVouchedKey(by),
    tlsVector(deputies),
  );
}

const LAYOUT: SignedLayout<Confirmation> = {
  version: VERSION,
  maxBytes: MAX_CONFIRMATION_BYTES,
  isValid,
  fields: (reader) => ({
    groupId: bytesToHex(reader.vector()),
    epoch: reader.uint64(),
    head: reader.vector(),
    keyPackageReference: reader.vector(),
    nonce: reader.take(NONCE_BYTES),
    by: readVouchedKey(reader),
    deputies: reader.vector(),
  }),
};

function isValid(confirmation: Confirmation): boolean {
  const { groupId, epoch, head, keyPackageReference, nonce, by, deputies } = confirmation;
  return (
    hexToBytes(groupId)?.length === GROUP_ID_BYTES &&
    epoch >= 0n &&
    epoch < 1n << 64n &&
    head.length === HASH_BYTES &&
    keyPackageReference.length === HASH_BYTES &&
    nonce.length === NONCE_BYTES &&
    deputies.length <= MAX_DEPUTIES_BYTES &&
    isVouchedKey(by)
  );
}
