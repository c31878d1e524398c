import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  type MemberId,
  memberIdFromBytes,
  memberIdToBytes,
  TlsReader,
  tlsUint,
  tlsUint64,
  tlsVector,
} from "@demls/wire/core";

const GROUP_ID_BYTES = 16;
const MAX_HEAD_BYTES = 64;
const MAX_IDENTITY_BYTES = 64;
const KEY_BYTES = 32;
const MAX_PROOF_BYTES = 256;
const MAX_SINCE = 8_640_000_000_000;
const SIGNATURE_BYTES = 64;

/** Length of a member's MAC in bytes. */
export const MAC_BYTES = 32;

/** Length of every encoded readiness in bytes, so that its length tells nothing. */
export const READINESS_BYTES = 768;

/** Length of the sealed part, before its encryption: the rest of the readiness is 68 bytes long. */
const PLAINTEXT_BYTES = READINESS_BYTES - 68;

/**
 * State of a joiner's request at one member:
 *
 * - `none`: the member knows no such key package, or was asked about none
 * - `awaiting-admission`: the member's user has to admit the joiner
 * - `waiting`: the vote has not begun
 * - `voting`: the members vote
 * - `approved`: the vote was won, and a commit has to follow
 * - `member`: the joiner is in the group
 * - `refused`: the members voted it down, or the member's user refused it
 * - `banned`: the joiner was removed, and its ban lasts
 * - `expired`, `used-up`, `revoked`: the invitation is over, and no vote on the joiner is under way. The member tells nothing
 *   about the group: epoch and counts are zero, and the head is empty
 */
export type RequestState =
  | "none"
  | "awaiting-admission"
  | "waiting"
  | "voting"
  | "approved"
  | "member"
  | "refused"
  | "banned"
  | InvitationEnd;

/** Reason for which an invitation lets nobody in any more. */
export type InvitationEnd = "expired" | "used-up" | "revoked";

/** By their numbers. */
const STATES: readonly RequestState[] = [
  "none",
  "awaiting-admission",
  "waiting",
  "voting",
  "approved",
  "member",
  "refused",
  "expired",
  "used-up",
  "revoked",
  "banned",
];

/** How far a joiner's request is, as one member sees it. */
export interface RequestStatus {
  readonly state: RequestState;
  /** Votes for the joiner, unsigned 16-bit. */
  readonly yes: number;
  /** Votes against the joiner, unsigned 16-bit. */
  readonly no: number;
  /** Members that may vote, unsigned 16-bit. */
  readonly voters: number;
  /** Milliseconds until the next step at the latest, unsigned 32-bit; 0: not known. */
  readonly millisecondsLeft: number;
}

/** One member's answer to a probe: its view of the group and of the joiner's request. */
export interface Readiness {
  /** Group id, lower-case hex of 16 bytes. */
  readonly groupId: string;
  /** Epoch that the member is in, unsigned 64-bit. */
  readonly epoch: bigint;
  /**
   * Mark of the group state, at most 64 bytes: the same at members that share it. A hash of the epoch authenticator
   * (RFC 9420, section 8.7), never that itself: who shows that is taken for a member.
   */
  readonly head: Uint8Array;
  /** Number of messages of this epoch that the member has applied, unsigned 32-bit. */
  readonly appliedMessages: number;
  /** Number of members of the group, unsigned 32-bit. */
  readonly memberCount: number;
  readonly request: RequestStatus;
  /** The member that answers: its identity has 1 to 64 bytes. */
  readonly member: MemberId;
  /** Ed25519 public key of the member's leaf, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /** Time at which that key was made, in seconds since the Unix epoch: see `identityStatement`. */
  readonly keySince: number;
  /** Signature of `identityStatement` by the member's identity, 1 to 256 bytes. */
  readonly identityProof: Uint8Array;
  /** Time of sending by the member's wall clock, in seconds since the Unix epoch, unsigned 32-bit. */
  readonly sentAt: number;
}

/** A readiness as it is sealed, with the bytes that its MAC and its signature cover. */
export interface SealedParts {
  readonly readiness: Readiness;
  readonly content: Uint8Array;
  readonly mac: Uint8Array;
  readonly signature: Uint8Array;
}

/** Encodes a readiness up to its MAC. @throws RangeError if a field is out of range */
export function encodeReadiness(readiness: Readiness): Uint8Array {
  const field = invalidField(readiness);
  if (field !== undefined) throw new RangeError(`the field ${field} of the readiness is out of range`);
  const { request } = readiness;
  return concatBytes(
    tlsVector(hexToBytes(readiness.groupId) ?? new Uint8Array()),
    tlsUint64(readiness.epoch),
    tlsVector(readiness.head),
    tlsUint(readiness.appliedMessages, 4),
    tlsUint(readiness.memberCount, 4),
    Uint8Array.of(STATES.indexOf(request.state)),
    tlsUint(request.yes, 2),
    tlsUint(request.no, 2),
    tlsUint(request.voters, 2),
    tlsUint(request.millisecondsLeft, 4),
    tlsVector(memberIdToBytes(readiness.member)),
    tlsVector(readiness.signatureKey),
    tlsUint64(BigInt(readiness.keySince)),
    tlsVector(readiness.identityProof),
    tlsUint(readiness.sentAt, 4),
  );
}

/** Encodes the sealed part: zeros fill it up. @throws RangeError if the signature does not have 64 bytes */
export function encodePlaintext(content: Uint8Array, mac: Uint8Array, signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError("the signature does not have 64 bytes");
  const plaintext = new Uint8Array(PLAINTEXT_BYTES);
  plaintext.set(concatBytes(content, mac, tlsVector(signature)));
  return plaintext;
}

/** Decodes the sealed part; `undefined` if it is malformed. Never throws. */
export function decodePlaintext(plaintext: Uint8Array): SealedParts | undefined {
  if (plaintext.length !== PLAINTEXT_BYTES) return undefined;
  try {
    const reader = new TlsReader(plaintext);
    const readiness = readReadiness(reader);
    const content = plaintext.slice(0, reader.count);
    const [mac, signature] = [reader.take(MAC_BYTES), reader.vector()];
    const isFilled = reader.rest().every((byte) => byte === 0);
    const isValid = invalidField(readiness) === undefined && signature.length === SIGNATURE_BYTES;
    return isFilled && isValid ? { readiness, content, mac, signature } : undefined;
  } catch {
    // The bytes end too early, or have a length that no encoder writes.
    return undefined;
  }
}

function readReadiness(reader: TlsReader): Readiness {
  return {
    groupId: bytesToHex(reader.vector()),
    epoch: reader.uint64(),
    head: reader.vector(),
    appliedMessages: reader.uint(4),
    memberCount: reader.uint(4),
    request: readStatus(reader),
    member: memberIdFromBytes(reader.vector()),
    signatureKey: reader.vector(),
    keySince: Number(reader.uint64()),
    identityProof: reader.vector(),
    sentAt: reader.uint(4),
  };
}

function readStatus(reader: TlsReader): RequestStatus {
  const state = STATES[reader.uint(1)];
  if (state === undefined) throw new RangeError("an unknown state");
  const [yes, no, voters] = [reader.uint(2), reader.uint(2), reader.uint(2)];
  return { state, yes, no, voters, millisecondsLeft: reader.uint(4) };
}

/** The first field that is out of range, `undefined` if there is none. */
function invalidField(readiness: Readiness): string | undefined {
  const { request } = readiness;
  const checks: Readonly<Record<string, boolean>> = {
    groupId: isGroupId(readiness.groupId),
    epoch: readiness.epoch >= 0n && readiness.epoch < 1n << 64n,
    head: readiness.head.length <= MAX_HEAD_BYTES,
    appliedMessages: isUint(readiness.appliedMessages, 0xffff_ffff),
    memberCount: isUint(readiness.memberCount, 0xffff_ffff),
    state: STATES.includes(request.state),
    yes: isUint(request.yes, 0xffff),
    no: isUint(request.no, 0xffff),
    voters: isUint(request.voters, 0xffff),
    millisecondsLeft: isUint(request.millisecondsLeft, 0xffff_ffff),
    member: hasLength(memberIdToBytes(readiness.member), 1, MAX_IDENTITY_BYTES),
    signatureKey: readiness.signatureKey.length === KEY_BYTES,
    keySince: isUint(readiness.keySince, MAX_SINCE),
    identityProof: hasLength(readiness.identityProof, 1, MAX_PROOF_BYTES),
    sentAt: isUint(readiness.sentAt, 0xffff_ffff),
  };
  return Object.keys(checks).find((field) => checks[field] !== true);
}

/** Only lower-case hex, so that equal ids are equal strings. */
function isGroupId(text: string): boolean {
  return text === text.toLowerCase() && hexToBytes(text)?.length === GROUP_ID_BYTES;
}

function isUint(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= max;
}

function hasLength({ length }: Uint8Array, min: number, max: number): boolean {
  return length >= min && length <= max;
}
