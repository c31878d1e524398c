import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * Id of a member's self-leave proposal: the first four bytes, big-endian, of the SHA-256 of its identity. It is the
 * same at every member, so a repeated leave is recognised.
 *
 * Source: `self_leave_proposal_id` of de-mls 3.0.0.
 */
export function selfLeaveProposalId(identity: MemberId | Uint8Array): number {
  const bytes = typeof identity === "string" ? memberIdToBytes(identity) : identity;
  const digest = sha256(bytes);
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** Name of a self-leave proposal: `self-leave:` and its id in decimal. */
export function selfLeaveProposalName(proposalId: number): string {
  return `self-leave:${proposalId}`;
}
