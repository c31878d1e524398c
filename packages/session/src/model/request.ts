import { bytesEqual, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";

/**
 * What a proposal is about, in rising priority: while an emergency is open, lesser proposals wait
 * (RFC "Partial Freeze Semantics").
 */
export type ProposalKind = "membership" | "election" | "emergency";

export function proposalKind(request: ConversationUpdateRequest): ProposalKind {
  if (request.kind === "emergency_criteria") return "emergency";
  return request.kind === "steward_election" ? "election" : "membership";
}

/** The member that a membership change adds or removes. */
export function membershipTarget(request: ConversationUpdateRequest): MemberId | undefined {
  return request.kind === "invite_member" || request.kind === "remove_member"
    ? memberIdFromBytes(request.identity)
    : undefined;
}

/** The member that a request removes. */
export function removalTarget(request: ConversationUpdateRequest): MemberId | undefined {
  return request.kind === "remove_member" ? memberIdFromBytes(request.identity) : undefined;
}

/** The member whose removal for its score an emergency asks for. */
export function accusedOf(request: ConversationUpdateRequest): MemberId | undefined {
  const evidence = evidenceOf(request);
  if (evidence?.violationType !== ViolationType.ScoreBelowThreshold) return undefined;
  return memberIdFromBytes(evidence.targetMemberId);
}

/** The member that is gone once a request has come about: removed, by its own wish or not, or for its score. */
export function partingMember(request: ConversationUpdateRequest): MemberId | undefined {
  return removalTarget(request) ?? accusedOf(request);
}

/** Whether two requests come to one change: the removal of one member, or its invitation by one key package. */
export function isSameChange(a: ConversationUpdateRequest, b: ConversationUpdateRequest): boolean {
  if (a.kind === "invite_member" && b.kind === "invite_member") {
    return bytesEqual(a.keyPackageBytes, b.keyPackageBytes);
  }
  const target = removalTarget(a);
  return target !== undefined && target === removalTarget(b);
}

export function removeRequest(member: MemberId): ConversationUpdateRequest {
  return { kind: "remove_member", identity: memberIdToBytes(member) };
}

/** The evidence of an emergency of this type, if the request is one. */
export function evidenceOf(request: ConversationUpdateRequest): ViolationEvidence | undefined {
  return request.kind === "emergency_criteria" ? request.evidence : undefined;
}

/** A request to let any member commit, since elections have failed (RFC "Anti-Deadlock"). */
export function deadlockRequest(creator: MemberId, epoch: bigint): ConversationUpdateRequest {
  return emergencyRequest({
    violationType: ViolationType.Deadlock,
    targetMemberId: new Uint8Array(),
    evidencePayload: new Uint8Array(),
    epoch,
    creatorMemberId: memberIdToBytes(creator),
  });
}

/** A request to remove a member whose score fell to the threshold. */
export function scoreRemovalRequest(
  creator: MemberId,
  target: MemberId,
  score: bigint,
  epoch: bigint,
): ConversationUpdateRequest {
  const payload = new Uint8Array(8);
  new DataView(payload.buffer).setBigInt64(0, score, true);
  return emergencyRequest({
    violationType: ViolationType.ScoreBelowThreshold,
    targetMemberId: memberIdToBytes(target),
    evidencePayload: payload,
    epoch,
    creatorMemberId: memberIdToBytes(creator),
  });
}

function emergencyRequest(evidence: ViolationEvidence): ConversationUpdateRequest {
  return { kind: "emergency_criteria", evidence };
}
