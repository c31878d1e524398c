import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { bytesEqual, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";

/** Evidence of an emergency. */
export interface EmergencyEvidence {
  /** A value of {@link ViolationType}, or an unknown 32-bit signed integer. */
  readonly violation: number;
  /** Accused member; empty for a Deadlock. */
  readonly target: MemberId;
  /** Member that declared the emergency. */
  readonly creator: MemberId;
  /** MLS epoch. */
  readonly epoch: bigint;
  /** Data by violation type; for `ScoreBelowThreshold` the score as a little-endian 64-bit integer. */
  readonly payload: Uint8Array;
}

/** Change that members vote on. */
export type ChangeRequest =
  /** Adds the owner of a key package. */
  | { readonly kind: "add"; readonly member: MemberId; readonly keyPackage: Uint8Array }
  /** Removes a member. If that member proposes it, it is a leave. */
  | { readonly kind: "remove"; readonly member: MemberId }
  /** Installs a steward list for `electionEpoch`; `retryRound` is part of its seed. */
  | {
      readonly kind: "electStewards";
      readonly stewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    }
  /** Declares an emergency: removes a member for its score, lets any member commit, or accuses a member. */
  | { readonly kind: "emergency"; readonly evidence: EmergencyEvidence | undefined };

/** Election request. */
export type ElectionRequest = Extract<ChangeRequest, { kind: "electStewards" }>;

/** Add request. */
export type AddRequest = Extract<ChangeRequest, { kind: "add" }>;

/** Decodes a request; `undefined` if it is empty. */
export function requestFromWire(request: ConversationUpdateRequest): ChangeRequest | undefined {
  switch (request.kind) {
    case "invite_member":
      return {
        kind: "add",
        member: memberIdFromBytes(request.identity),
        keyPackage: request.keyPackageBytes,
      };
    case "remove_member":
      return { kind: "remove", member: memberIdFromBytes(request.identity) };
    case "steward_election":
      return {
        kind: "electStewards",
        stewards: request.proposedStewards.map(memberIdFromBytes),
        electionEpoch: request.electionEpoch,
        retryRound: request.retryRound,
      };
    case "emergency_criteria":
      return { kind: "emergency", evidence: request.evidence && evidenceFromWire(request.evidence) };
    case "empty":
      return undefined;
  }
}

/** Encodes a request. */
export function requestToWire(request: ChangeRequest): ConversationUpdateRequest {
  switch (request.kind) {
    case "add":
      return {
        kind: "invite_member",
        keyPackageBytes: request.keyPackage,
        identity: memberIdToBytes(request.member),
      };
    case "remove":
      return { kind: "remove_member", identity: memberIdToBytes(request.member) };
    case "electStewards":
      return {
        kind: "steward_election",
        proposedStewards: request.stewards.map(memberIdToBytes),
        electionEpoch: request.electionEpoch,
        retryRound: request.retryRound,
      };
    case "emergency":
      return { kind: "emergency_criteria", evidence: request.evidence && evidenceToWire(request.evidence) };
  }
}

function evidenceFromWire(evidence: ViolationEvidence): EmergencyEvidence {
  return {
    violation: evidence.violationType,
    target: memberIdFromBytes(evidence.targetMemberId),
    creator: memberIdFromBytes(evidence.creatorMemberId),
    epoch: evidence.epoch,
    payload: evidence.evidencePayload,
  };
}

function evidenceToWire(evidence: EmergencyEvidence): ViolationEvidence {
  return {
    violationType: evidence.violation,
    targetMemberId: memberIdToBytes(evidence.target),
    evidencePayload: evidence.payload,
    epoch: evidence.epoch,
    creatorMemberId: memberIdToBytes(evidence.creator),
  };
}

/**
 * Class of a request, in rising priority. While an emergency is open, proposals of lower priority wait (RFC "Partial
 * Freeze Semantics").
 */
export type ProposalKind = "membership" | "election" | "emergency";

export function proposalKind({ kind }: ChangeRequest): ProposalKind {
  if (kind === "emergency") return "emergency";
  return kind === "electStewards" ? "election" : "membership";
}

/** Member that a membership change adds or removes. */
export function membershipTarget(request: ChangeRequest): MemberId | undefined {
  return request.kind === "add" || request.kind === "remove" ? request.member : undefined;
}

/** Member that a request removes. */
export function removalTarget(request: ChangeRequest): MemberId | undefined {
  return request.kind === "remove" ? request.member : undefined;
}

/** Member that an emergency accuses of a low score. */
export function accusedOf(request: ChangeRequest): MemberId | undefined {
  const evidence = evidenceOf(request);
  return evidence?.violation === ViolationType.ScoreBelowThreshold ? evidence.target : undefined;
}

/** Member that leaves by a request: by a leave, a ban or a score removal. */
export function partingMember(request: ChangeRequest): MemberId | undefined {
  return removalTarget(request) ?? accusedOf(request);
}

/** Membership change that an approved request commits; `undefined` if it needs no commit. */
export function committedForm(request: ChangeRequest): ChangeRequest | undefined {
  const accused = accusedOf(request);
  if (accused !== undefined) return removeRequest(accused);
  return membershipTarget(request) === undefined ? undefined : request;
}

/** Whether two requests make the same change: the removal of one member, or its addition with one key package. */
export function isSameChange(a: ChangeRequest, b: ChangeRequest): boolean {
  if (a.kind === "add" && b.kind === "add") return bytesEqual(a.keyPackage, b.keyPackage);
  const target = removalTarget(a);
  return target !== undefined && target === removalTarget(b);
}

export function removeRequest(member: MemberId): ChangeRequest {
  return { kind: "remove", member };
}

/** The evidence of an emergency. */
export function evidenceOf(request: ChangeRequest): EmergencyEvidence | undefined {
  return request.kind === "emergency" ? request.evidence : undefined;
}

/** Request that lets any member commit after failed elections (RFC "Anti-Deadlock"). */
export function deadlockRequest(creator: MemberId, epoch: bigint): ChangeRequest {
  const target = memberIdFromBytes(new Uint8Array());
  const violation = ViolationType.Deadlock;
  return { kind: "emergency", evidence: { violation, target, creator, epoch, payload: new Uint8Array() } };
}

/** Request to remove a member whose score reached the threshold. */
export function scoreRemovalRequest(
  creator: MemberId,
  target: MemberId,
  score: bigint,
  epoch: bigint,
): ChangeRequest {
  const payload = new Uint8Array(8);
  new DataView(payload.buffer).setBigInt64(0, score, true);
  const violation = ViolationType.ScoreBelowThreshold;
  return { kind: "emergency", evidence: { violation, target, creator, epoch, payload } };
}
