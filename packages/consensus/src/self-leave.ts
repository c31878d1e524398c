import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * The id of the proposal by which a member asks for its own removal: the first four bytes, big-endian, of the
 * SHA-256 of its identity. Being the same everywhere and every time, it makes a repeated leave recognisable.
 *
 * Source: `self_leave_proposal_id` of de-mls 3.0.0.
 */
export function selfLeaveProposalId(identity: MemberId | Uint8Array): number {
  const bytes = typeof identity === "string" ? memberIdToBytes(identity) : identity;
  const digest = sha256(bytes);
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** The name that a self-leave proposal carries: `self-leave:` and its id in decimal. */
export function selfLeaveProposalName(proposalId: number): string {
  return `self-leave:${proposalId}`;
}
