import { encodeAppMessage, encodeConversationUpdateRequest, type Proposal, type Vote } from "@demls/wire";
import { LIMITS } from "../model/limits.js";
import { proposalKind, requestToWire, type ChangeRequest } from "../model/request.js";

/** Most bytes of an encoded request of this kind. */
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

/** Bytes of a proposal as it travels, its votes included. */
export function sizeOf(proposal: Proposal): number {
  return encodeAppMessage({ kind: "proposal", proposal }).length;
}

/** Whether a vote is longer than any that a member casts. */
export function isOversizedVote(vote: Vote): boolean {
  return encodeAppMessage({ kind: "vote", vote }).length > LIMITS.proposalFrameBytes;
}

/** Whether a proposal is longer than any that a member makes of such a request. An open proposal is stored often. */
export function isOversized(proposal: Proposal, request: ChangeRequest): boolean {
  return sizeOf(proposal) > requestBytesOf(request) + LIMITS.proposalFrameBytes;
}

/**
 * The part of an oversized request that has to be kept because 3.0.0 members may approve it: the member it is about. A
 * commit is followed by the identities in it. The key package stays too long, so that no member of this project adds
 * anyone by it.
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

/** A proposal with such a request in place of its own. */
export function withoutBulk(proposal: Proposal, request: ChangeRequest): Proposal {
  const name = proposal.name.slice(0, LIMITS.proposalFrameBytes);
  return { ...proposal, name, payload: encodeConversationUpdateRequest(requestToWire(request)) };
}
