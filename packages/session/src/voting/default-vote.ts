import { DemlsError, type MemberId } from "@demls/wire/core";
import {
  accusedOf,
  isSameChange,
  membershipTarget,
  partingMember,
  type AddRequest,
  type ChangeRequest,
  type EmergencyEvidence,
} from "../model/request.js";
import type { DefaultVoteReason } from "../model/traced-decision.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { decideAdmission } from "./admission.js";
import type { Grounds } from "./grounds.js";
import { fitsNextCommit } from "./commit-capacity.js";
import { isDeterministicElection } from "./derivable-election.js";
import { isAgainstEquivocator } from "./equivocators.js";
import { checkKeyPackage } from "./key-package-check.js";
import { isSettled } from "./newcomers.js";
import { requestsUnderWay } from "./open-votes.js";

/** Default vote with its reason. */
export interface DefaultVote {
  readonly vote: boolean;
  readonly reason: DefaultVoteReason;
}

/** Default vote when no check objects. */
export function configuredVote(livenessCriteriaYes: boolean): DefaultVote {
  return { vote: livenessCriteriaYes, reason: livenessCriteriaYes ? "silence-agrees" : "silence-blocks" };
}

/**
 * Default vote on a proposal of `proposer`: no if a check objects, otherwise yes against a member that has chosen twice, and
 * the configured vote on others.
 *
 * @param grounds - of a joiner, in a mode that asks for admission.
 */
export async function defaultVote(
  tx: ActiveTransaction,
  request: ChangeRequest,
  proposer: MemberId,
  livenessCriteriaYes: boolean,
  grounds?: Grounds,
): Promise<DefaultVote> {
  const configured = configuredVote(livenessCriteriaYes);
  const isProved = isAgainstEquivocator(tx, request);
  if (!configured.vote && !isProved) return configured;
  const objection = await objectionTo(tx, request, proposer, grounds);
  if (objection !== undefined) return { vote: false, reason: objection };
  return isProved ? { vote: true, reason: "equivocated" } : configured;
}

async function objectionTo(
  tx: ActiveTransaction,
  request: ChangeRequest,
  proposer: MemberId,
  grounds: Grounds | undefined,
): Promise<DefaultVoteReason | undefined> {
  switch (request.kind) {
    case "add":
      return fitsNextCommit(tx, request) ? addObjection(tx, request, grounds) : "no-room-in-commit";
    case "remove":
      if (request.member === tx.env.self) return "own-removal";
      if (request.member !== proposer && !isSettled(tx, proposer)) return "newcomers-removal";
      return fitsNextCommit(tx, request) ? removalObjection(tx, request.member) : "no-room-in-commit";
    case "electStewards":
      return isDeterministicElection(tx, request, proposer) ? undefined : "unexpected-list";
    case "emergency":
      return request.evidence === undefined
        ? "no-evidence"
        : emergencyObjection(tx, request, request.evidence, proposer);
  }
}

/** Objection to a removal that no commit can carry out: of a non-member (weakness W9), or of the last member (W32). */
export function removalObjection(
  tx: ActiveTransaction,
  target: MemberId,
): "not-a-member" | "nobody-left" | undefined {
  const { members } = tx.state.group;
  if (!members.includes(target)) return "not-a-member";
  const leaving = new Set([target, ...requestsUnderWay(tx).map(partingMember)]);
  return members.every((member) => leaving.has(member)) ? "nobody-left" : undefined;
}

/**
 * Objection to an add: the key package is invalid or belongs to another member, or an add of the member is already open
 * (W10, W31). A commit cannot contain two key packages of one member. If both are approved, 3.0.0 stewards commit a
 * single Add, which other 3.0.0 members reject. Without 3.0.0 members, two adds with one key package are one change.
 */
async function addObjection(
  tx: ActiveTransaction,
  request: AddRequest,
  grounds: Grounds | undefined,
): Promise<DefaultVoteReason | undefined> {
  const isRepeatable = policyOf(tx).replacesAbsentSteward;
  const others = requestsUnderWay(tx).filter((other) => !isRepeatable || !isSameChange(other, request));
  const check = await checkKeyPackage(tx, request.keyPackage, others);
  if (!check.ok && check.reason === "withdrawn") return "withdrawn";
  if (!check.ok || check.identity !== request.member) return "unsound-invitation";
  const hasRival = others.some((rival) => rival.kind === "add" && rival.member === request.member);
  if (hasRival) return "rival-invitation";
  const { decision } = decideAdmission(tx, request, check.claimedName, grounds);
  return decision === "admit" ? undefined : "not-admitted";
}

/**
 * Objection to an emergency: another member is named as its creator (W27), or this member's state contradicts it.
 *
 * The default vote on an accusation is no (W41): each member scores visible violations by itself, so any other
 * accusation would remove the accused on one member's claim. It is yes where this member holds two choices that the accused
 * has signed in the epoch.
 */
function emergencyObjection(
  tx: ActiveTransaction,
  request: ChangeRequest,
  evidence: EmergencyEvidence,
  proposer: MemberId,
): DefaultVoteReason | undefined {
  if (evidence.creator !== proposer) return "foreign-evidence";
  switch (evidence.violation) {
    case "deadlock":
      return isDeadlocked(tx) ? undefined : "not-deadlocked";
    case "scoreBelowThreshold":
      return scoreRemovalObjection(tx, request, evidence.target);
    default:
      return isAgainstEquivocator(tx, request) ? undefined : "unconfirmed-accusation";
  }
}

/** Whether the group is deadlocked: the freeze ended without a commit, or every election failed. */
function isDeadlocked({ env, state }: ActiveTransaction): boolean {
  const { stewards } = env.plugins;
  const { list } = state.stewards;
  return state.phase === "reelection" || stewards.retryRound(list) > stewards.maxRetries(list);
}

function scoreRemovalObjection(
  tx: ActiveTransaction,
  request: ChangeRequest,
  accused: MemberId,
): DefaultVoteReason | undefined {
  if (accused === tx.env.self) return "own-removal";
  const objection = removalObjection(tx, accused);
  if (objection !== undefined) return objection;
  if (!hasFallen(tx, accused)) return "score-above-threshold";
  return fitsNextCommit(tx, request) ? undefined : "changes-under-way";
}

/** Whether the accused's score on this member is at or below the threshold (W29). */
function hasFallen({ env, state }: ActiveTransaction, accused: MemberId): boolean {
  const { scoring } = env.plugins;
  const score = scoring.scoreFor(state.scores.values, accused);
  return score !== undefined && score <= scoring.threshold(state.scores.values);
}

/**
 * Throws for a request of this member that no commit could carry out.
 *
 * @throws DemlsError `incomplete-request`, `own-removal`, `not-a-member`, `already-a-member`, `already-proposed`,
 *   `invalid-key-package`.
 */
export async function validateOwnRequest(tx: ActiveTransaction, request: ChangeRequest): Promise<void> {
  if (request.kind === "emergency" && request.evidence === undefined) throw incompleteRequest();
  const target = membershipTarget(request) ?? accusedOf(request);
  if (target === undefined) return;
  const isMember = tx.state.group.members.includes(target);
  if (request.kind === "remove" && target === tx.env.self) throw ownRemoval();
  if (request.kind !== "add" && !isMember) throw notAMember();
  if (request.kind === "add" && isMember) throw alreadyAMember();
  const isUnderWay = requestsUnderWay(tx).some(
    (other) => other.kind === request.kind && membershipTarget(other) === target,
  );
  if (isUnderWay) throw alreadyProposed();
  if (request.kind !== "add") return;
  const check = await checkKeyPackage(tx, request.keyPackage);
  if (!check.ok) throw invalidKeyPackage(check.reason);
  if (check.identity !== target) throw invalidKeyPackage("it belongs to another member");
}

function incompleteRequest(): DemlsError<"incomplete-request"> {
  return new DemlsError("incomplete-request", {
    message: "The request is empty.",
    field: "request",
    remedy: "Propose an emergency with evidence.",
  });
}

function ownRemoval(): DemlsError<"own-removal"> {
  return new DemlsError("own-removal", {
    message: "A member cannot propose its own removal as a ban.",
    field: "member",
    remedy: "Call leave().",
  });
}

function notAMember(): DemlsError<"not-a-member"> {
  return new DemlsError("not-a-member", {
    message: "The target of the removal is not a member.",
    field: "member",
    remedy: "Use an id from the conversation's members.",
  });
}

function alreadyAMember(): DemlsError<"already-a-member"> {
  return new DemlsError("already-a-member", {
    message: "The key package's owner is already a member.",
    field: "keyPackage",
    remedy: "No action is needed.",
  });
}

function alreadyProposed(): DemlsError<"already-proposed"> {
  return new DemlsError("already-proposed", {
    message: "The same change is already open or approved.",
    remedy: "Wait for commitApplied, or for proposalDecided with result no.",
  });
}

function invalidKeyPackage(reason: string): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: `The key package cannot be added: ${reason}.`,
    field: "keyPackage",
    remedy: "Ask the joiner for a fresh key package.",
  });
}
