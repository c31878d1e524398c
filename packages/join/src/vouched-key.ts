import { identityStatement, type VoteVerifier } from "@demls/consensus";
import {
  concatBytes,
  type MemberId,
  memberIdFromBytes,
  memberIdToBytes,
  type TlsReader,
  tlsUint64,
  tlsVector,
} from "@demls/wire/core";

const MAX_IDENTITY_BYTES = 64;
const KEY_BYTES = 32;
const MAX_PROOF_BYTES = 256;
const MAX_SINCE = 8_640_000_000_000;

/** Key of a member's leaf, for which the member's identity vouches. */
export interface VouchedKey {
  /** Identity, 1 to 64 bytes. */
  readonly member: MemberId;
  /** Ed25519 key of the leaf, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /** Time at which the key was made, as in the identity statement. */
  readonly keySince: number;
  /** The identity's signature over its statement, 1 to 256 bytes. */
  readonly identityProof: Uint8Array;
}

/** Signs by the Ed25519 key of a leaf: SignWithLabel (RFC 9420 § 5.1.2), as `MlsService.sign`. Its errors pass through. */
export type SignByLeaf = (label: string, content: Uint8Array) => Promise<Uint8Array>;

/** Checks of signatures by leaves. */
export interface LeafChecks {
  /** The verifier of the conversation's votes. */
  readonly verifier: VoteVerifier;
  /** Verifies a signature by the Ed25519 key of a leaf: VerifyWithLabel (RFC 9420 § 5.1.2), as `MlsService.verify`. */
  readonly verify: (
    signatureKey: Uint8Array,
    label: string,
    content: Uint8Array,
    signature: Uint8Array,
  ) => Promise<boolean>;
}

/** Encodes a vouched key. */
export function encodeVouchedKey({ member, signatureKey, keySince, identityProof }: VouchedKey): Uint8Array {
  return concatBytes(
    tlsVector(memberIdToBytes(member)),
    tlsVector(signatureKey),
    tlsUint64(BigInt(keySince)),
    tlsVector(identityProof),
  );
}

/** Reads a vouched key. @throws RangeError if a field is out of range */
export function readVouchedKey(reader: TlsReader): VouchedKey {
  const key = {
    member: memberIdFromBytes(reader.vector()),
    signatureKey: reader.vector(),
    keySince: Number(reader.uint64()),
    identityProof: reader.vector(),
  };
  if (!isVouchedKey(key)) throw new RangeError("a field of the key is out of range");
  return key;
}

/** Whether the fields are in their ranges. */
export function isVouchedKey({ member, signatureKey, keySince, identityProof }: VouchedKey): boolean {
  return (
    isWithin(memberIdToBytes(member).length, 1, MAX_IDENTITY_BYTES) &&
    signatureKey.length === KEY_BYTES &&
    Number.isSafeInteger(keySince) &&
    isWithin(keySince, 0, MAX_SINCE) &&
    isWithin(identityProof.length, 1, MAX_PROOF_BYTES)
  );
}

/** Whether the key signed the content, and its identity vouches for the key. Never throws. */
export async function isSignedByLeaf(
  key: VouchedKey,
  [label, content, signature]: readonly [string, Uint8Array, Uint8Array],
  { verifier, verify }: LeafChecks,
): Promise<boolean> {
  const { member, signatureKey, keySince, identityProof } = key;
  try {
    if (!(await verify(signatureKey, label, content, signature))) return false;
    const identity = memberIdToBytes(member);
    const statement = identityStatement(identity, signatureKey, keySince);
    return (await verifier.verify(identity, statement, identityProof)) === "valid";
  } catch {
    return false;
  }
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
