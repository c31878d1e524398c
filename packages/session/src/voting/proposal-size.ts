import {
  encodeAppMessage,
  encodeConversationUpdateRequest,
  type ConversationUpdateRequest,
  type Proposal,
  type Vote,
} from "@demls/wire";
import { LIMITS } from "../model/limits.js";
import { proposalKind } from "../model/request.js";

/** Most bytes of an encoded request of this kind. */
export function requestBytesOf(request: ConversationUpdateRequest): number {
  switch (proposalKind(request)) {
    case "membership":
      return LIMITS.membershipRequestBytes;
    case "emergency":
      return LIMITS.emergencyRequestBytes;
    case "election":
      return LIMITS.electionRequestBytes;
  }
}

/** Bytes of a proposal as it travels, its votes included. */
export function sizeOf(proposal: Proposal): number {
  return encodeAppMessage({ kind: "proposal", proposal }).length;
}

/** Whether a vote is longer than any that a member casts. */
export function isOversizedVote(vote: Vote): boolean {
  return encodeAppMessage({ kind: "vote", vote }).length > LIMITS.proposalFrameBytes;
}

/** Whether a proposal is longer than any that a member makes of such a request: what is open is kept many times. */
export function isOversized(proposal: Proposal, request: ConversationUpdateRequest): boolean {
  return sizeOf(proposal) > requestBytesOf(request) + LIMITS.proposalFrameBytes;
}

/**
 * What has to be kept of an oversized request that 3.0.0 members may approve: whom it concerns. A commit is followed
 * by the identities in it. The key package stays too long, so that no member of this project adds anyone by it.
 */
export function requestWithoutBulk(request: ConversationUpdateRequest): ConversationUpdateRequest {
  if (request.kind === "invite_member") {
    return { ...request, keyPackageBytes: request.keyPackageBytes.slice(0, LIMITS.membershipRequestBytes) };
  }
  if (request.kind === "emergency_criteria" && request.evidence !== undefined) {
    return { ...request, evidence: { ...request.evidence, evidencePayload: new Uint8Array() } };
  }
  return request;
}

/** A proposal with such a request in place of its own. */
export function withoutBulk(proposal: Proposal, request: ConversationUpdateRequest): Proposal {
  const name = proposal.name.slice(0, LIMITS.proposalFrameBytes);
  return { ...proposal, name, payload: encodeConversationUpdateRequest(request) };
}
