import { encodeAppMessage, encodeConversationUpdateRequest, type Proposal, type Vote } from "@demls/wire";
import { LIMITS } from "../model/limits.js";
import { proposalKind, requestToWire, type ChangeRequest } from "../model/request.js";

/** Maximum bytes of an encoded request of this kind. */
export function requestBytesOf(request: ChangeRequest): number {
  switch (proposalKind(request)) {
    case "membership":
      return LIMITS.membershipRequestBytes;
    case "emergency":
      return LIMITS.emergencyRequestBytes;
    case "election":
      return LIMITS.electionRequestBytes;
  }
}

/** Bytes of an encoded proposal with its votes. */
export function sizeOf(proposal: Proposal): number {
  return encodeAppMessage({ kind: "proposal", proposal }).length;
}

/** Whether a vote is longer than any genuine vote. */
export function isOversizedVote(vote: Vote): boolean {
  return encodeAppMessage({ kind: "vote", vote }).length > LIMITS.proposalFrameBytes;
}

/**
 * Whether a proposal is longer than any genuine proposal of its request. Every step that changes an open vote stores
 * its proposal.
 */
export function isOversized(proposal: Proposal, request: ChangeRequest): boolean {
  return sizeOf(proposal) > requestBytesOf(request) + LIMITS.proposalFrameBytes;
}

/**
 * An oversized request, reduced to the identity of its member. 3.0.0 members may approve the request, and the identity
 * is enough to recognise their commit. The shortened key package is invalid, so this implementation adds no member with
 * it.
 */
export function requestWithoutBulk(request: ChangeRequest): ChangeRequest {
  if (request.kind === "add") {
    return { ...request, keyPackage: request.keyPackage.slice(0, LIMITS.membershipRequestBytes) };
  }
  if (request.kind === "emergency" && request.evidence !== undefined) {
    return { ...request, evidence: { ...request.evidence, payload: new Uint8Array() } };
  }
  return request;
}

/** The proposal with `request` as its request. */
export function withoutBulk(proposal: Proposal, request: ChangeRequest): Proposal {
  const name = proposal.name.slice(0, LIMITS.proposalFrameBytes);
  return { ...proposal, name, payload: encodeConversationUpdateRequest(requestToWire(request)) };
}
