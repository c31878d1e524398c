import {
  bytesToHex,
  concatBytes,
  type MemberId,
  memberIdFromBytes,
  memberIdToBytes,
  TlsReader,
  tlsVector,
} from "@demls/wire/core";

/** Label of the signature of a withdrawal: SignWithLabel (RFC 9420 § 5.1.2). It covers the reference. */
export const WITHDRAWAL_LABEL = "demls withdrawal";

/** Not that of a probe or of a readiness, which share the subtopic. */
const VERSION = 2;
const REFERENCE_BYTES = 32;
const SIGNATURE_BYTES = 64;
const MAX_IDENTITY_BYTES = 64;

/** A joiner's notice that it has given up: its key package is not to be added any more. */
export interface Withdrawal {
  /** The joiner: its identity has 1 to 64 bytes. */
  readonly member: MemberId;
  /** Reference of its key package, lower-case hex of 32 bytes. */
  readonly reference: string;
  /** Signature of the reference's bytes by the key of the key package's leaf, with {@link WITHDRAWAL_LABEL}; 64 bytes. */
  readonly signature: Uint8Array;
}

/** Encodes a withdrawal. @param reference - its 32 bytes. */
export function encodeWithdrawal(member: MemberId, reference: Uint8Array, signature: Uint8Array): Uint8Array {
  return concatBytes(
    Uint8Array.of(VERSION),
    tlsVector(memberIdToBytes(member)),
    tlsVector(reference),
    tlsVector(signature),
  );
}

/** Decodes a withdrawal; `undefined` if it is none. Never throws. The caller verifies the signature. */
export function decodeWithdrawal(bytes: Uint8Array): Withdrawal | undefined {
  if (bytes[0] !== VERSION) return undefined;
  try {
    const reader = new TlsReader(bytes.subarray(1));
    const [identity, reference, signature] = [reader.vector(), reader.vector(), reader.vector()];
    const isWhole =
      reader.isAtEnd &&
      identity.length > 0 &&
      identity.length <= MAX_IDENTITY_BYTES &&
      reference.length === REFERENCE_BYTES &&
      signature.length === SIGNATURE_BYTES;
    return isWhole
      ? { member: memberIdFromBytes(identity), reference: bytesToHex(reference), signature }
      : undefined;
  } catch {
    // The bytes end too early, or have a length that no encoder writes.
    return undefined;
  }
}
