import type { ChangeRequest, EmergencyEvidence, Violation } from "@demls/consensus";
import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { bytesEqual, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";

export type { ChangeRequest, EmergencyEvidence };

/** Election request. */
export type ElectionRequest = Extract<ChangeRequest, { kind: "electStewards" }>;

/** Emergency request. */
export type EmergencyRequest = Extract<ChangeRequest, { kind: "emergency" }>;

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
        ...(request.redemption && { redemption: request.redemption }),
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
        ...(request.redemption && { redemption: request.redemption }),
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

const VIOLATION_NUMBERS: ReadonlyMap<Violation | number, number> = new Map([
  ["unspecified", ViolationType.Unspecified],
  ["brokenCommit", ViolationType.BrokenCommit],
  ["brokenMlsProposal", ViolationType.BrokenMlsProposal],
  ["censorshipInactivity", ViolationType.CensorshipInactivity],
  ["scoreBelowThreshold", ViolationType.ScoreBelowThreshold],
  ["deadlock", ViolationType.Deadlock],
]);

/** Whether a value names a kind of violation, or is a number that has no name. */
export function isViolation(value: unknown): boolean {
  return (
    VIOLATION_NUMBERS.has(value as Violation) ||
    (typeof value === "number" && violationFromNumber(value) === value)
  );
}

/** The number of a kind of violation on the wire. */
export function violationNumber(violation: Violation | number): number {
  return VIOLATION_NUMBERS.get(violation) ?? (violation as number);
}

function violationFromNumber(number: number): Violation | number {
  return [...VIOLATION_NUMBERS].find(([, known]) => known === number)?.[0] ?? number;
}

function evidenceFromWire(evidence: ViolationEvidence): EmergencyEvidence {
  return {
    violation: violationFromNumber(evidence.violationType),
    target: memberIdFromBytes(evidence.targetMemberId),
    creator: memberIdFromBytes(evidence.creatorMemberId),
    epoch: evidence.epoch,
    payload: evidence.evidencePayload,
  };
}

function evidenceToWire(evidence: EmergencyEvidence): ViolationEvidence {
  return {
    violationType: violationNumber(evidence.violation),
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
  return evidence?.violation === "scoreBelowThreshold" ? evidence.target : undefined;
}

/** Evidence that accuses a member of a broken commit, such as of two choices in one epoch. */
export function brokenCommitIn(request: ChangeRequest): EmergencyEvidence | undefined {
  const evidence = evidenceOf(request);
  return evidence?.violation === "brokenCommit" ? evidence : undefined;
}

/** Accusation of a member that has chosen two commits of an epoch. */
export function equivocationRequest(creator: MemberId, target: MemberId, epoch: bigint): ChangeRequest {
  const payload = new Uint8Array();
  return { kind: "emergency", evidence: { violation: "brokenCommit", target, creator, epoch, payload } };
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

/** Whether a proposal ends with its epoch, if commits carry records: an election, or a Deadlock. */
export function endsWithEpoch(request: ChangeRequest): boolean {
  return request.kind === "electStewards" || evidenceOf(request)?.violation === "deadlock";
}

/** Request that lets any member commit after failed elections (RFC "Anti-Deadlock"). */
export function deadlockRequest(creator: MemberId, epoch: bigint): ChangeRequest {
  const target = memberIdFromBytes(new Uint8Array());
  return {
    kind: "emergency",
    evidence: { violation: "deadlock", target, creator, epoch, payload: new Uint8Array() },
  };
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
  return {
    kind: "emergency",
    evidence: { violation: "scoreBelowThreshold", target, creator, epoch, payload },
  };
}
