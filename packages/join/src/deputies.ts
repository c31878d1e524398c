import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  type MemberId,
  memberIdFromBytes,
  memberIdToBytes,
  TlsReader,
  tlsUint,
  tlsVector,
} from "@demls/wire/core";
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
const LABEL = "demls deputies";
const GROUP_ID_BYTES = 16;
const MAX_IDENTITY_BYTES = 64;

/** Maximum number of deputies of an inviter. */
export const MAX_DEPUTIES = 4;

/** Maximum length of an encoded list in bytes. */
export const MAX_DEPUTIES_BYTES = 1_024;

/**
 * Time in seconds for which a list is good. A deputy that was removed can deceive a joiner for that long, and a joiner whose
 * inviter is away for longer has to wait for it.
 */
export const DEPUTIES_LIFETIME_SECONDS = 7 * 24 * 3_600;

/** List of the members that may confirm a group in place of an inviter. */
export interface Deputies {
  /** Group id, lower-case hex of 16 bytes. */
  readonly groupId: string;
  /** Time of signing by the inviter's wall clock, in seconds since the Unix epoch, unsigned 32-bit. */
  readonly issuedAt: number;
  /** The inviter, with the key of its leaf that signs the list. */
  readonly inviter: VouchedKey;
  /** At most 4 members. */
  readonly deputies: readonly MemberId[];
}

/** A list as it was received, of which the signature is not checked yet. */
export interface SignedDeputies extends Deputies {
  /** The signed part. */
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Signs a list of deputies by the inviter's leaf.
 *
 * @returns the encoded list.
 * @throws RangeError if a field is out of range, or the signature does not have 64 bytes.
 */
export async function signDeputies(list: Deputies, sign: SignByLeaf): Promise<Uint8Array> {
  const content = encodeDeputies(list);
  const signature = await sign(LABEL, content);
  if (!isValid(list) || !isSignature(signature)) throw new RangeError("a field of the list is out of range");
  return concatBytes(content, tlsVector(signature));
}

const LAYOUT: SignedLayout<Deputies> = {
  version: VERSION,
  maxBytes: MAX_DEPUTIES_BYTES,
  isValid,
  fields: (reader) => ({
    groupId: bytesToHex(reader.vector()),
    issuedAt: reader.uint(4),
    inviter: readVouchedKey(reader),
    deputies: readIdentities(new TlsReader(reader.vector())),
  }),
};

/** Reads a list without checking its signature; `undefined` if it is malformed. Never throws. */
export function readDeputies(bytes: Uint8Array): SignedDeputies | undefined {
  const read = readSigned(bytes, LAYOUT);
  if (read === undefined) return undefined;
  const { value, content, signature } = read;
  return { ...value, content, signature };
}

/** Whether the inviter's leaf signed the list, and its identity vouches for that leaf. Never throws. */
export function verifyDeputies(list: SignedDeputies, checks: LeafChecks): Promise<boolean> {
  return isSignedByLeaf(list.inviter, [LABEL, list.content, list.signature], checks);
}

/**
 * Whether a list is too old, or from the future.
 *
 * @param toleranceSeconds - difference of two clocks that is tolerated.
 */
export function isStaleList(
  { issuedAt }: Pick<Deputies, "issuedAt">,
  nowSeconds: bigint | number,
  toleranceSeconds: number,
): boolean {
  const age = Number(nowSeconds) - issuedAt;
  return !(age >= -toleranceSeconds && age <= DEPUTIES_LIFETIME_SECONDS + toleranceSeconds);
}

function encodeDeputies({ groupId, issuedAt, inviter, deputies }: Deputies): Uint8Array {
  return concatBytes(
    Uint8Array.of(VERSION),
    tlsVector(hexToBytes(groupId) ?? new Uint8Array()),
    tlsUint(issuedAt, 4),
    encodeVouchedKey(inviter),
    tlsVector(concatBytes(...deputies.map((deputy) => tlsVector(memberIdToBytes(deputy))))),
  );
}

function readIdentities(reader: TlsReader): readonly MemberId[] {
  const identities: MemberId[] = [];
  while (!reader.isAtEnd) identities.push(memberIdFromBytes(reader.vector()));
  return identities;
}

function isValid({ groupId, issuedAt, inviter, deputies }: Deputies): boolean {
  return (
    hexToBytes(groupId)?.length === GROUP_ID_BYTES &&
    Number.isSafeInteger(issuedAt) &&
    issuedAt >= 0 &&
    issuedAt <= 0xffff_ffff &&
    isVouchedKey(inviter) &&
    deputies.length <= MAX_DEPUTIES &&
    deputies.every((deputy) => deputy.length > 0 && deputy.length <= 2 * MAX_IDENTITY_BYTES)
  );
}
