import { computeListSize } from "@demls/steward";
import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { bytesEqual, DemlsError, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { fitsNextCommit } from "./commit-capacity.js";
import { checkKeyPackage } from "./key-package-check.js";
import { requestsUnderWay } from "./open-votes.js";
import { membersIn } from "./past-epoch-votes.js";
import type { DefaultVoteReason } from "../model/traced-decision.js";
import { isPendingRemoval, requireGroup, type Transaction } from "../model/transaction.js";
import { accusedOf, membershipTarget, partingMember } from "../model/request.js";

type Election = Extract<ConversationUpdateRequest, { kind: "steward_election" }>;

/** The vote that is cast for this member if its hand casts none, and why that one. */
export interface DefaultVote {
  readonly vote: boolean;
  readonly reason: DefaultVoteReason;
}

/** What silence says where nothing speaks against a proposal. */
export function configuredVote(livenessCriteriaYes: boolean): DefaultVote {
  return { vote: livenessCriteriaYes, reason: livenessCriteriaYes ? "silence-agrees" : "silence-blocks" };
}

/** The default vote on a proposal of `proposer`: the configured one, but no on what is invalid or unsafe. */
export async function defaultVote(
  tx: Transaction,
  request: ConversationUpdateRequest,
  proposer: MemberId,
  livenessCriteriaYes: boolean,
): Promise<DefaultVote> {
  const configured = configuredVote(livenessCriteriaYes);
  if (!configured.vote) return configured;
  const objection = await objectionTo(tx, request, proposer);
  return objection === undefined ? configured : { vote: false, reason: objection };
}

async function objectionTo(
  tx: Transaction,
  request: ConversationUpdateRequest,
  proposer: MemberId,
): Promise<DefaultVoteReason | undefined> {
  switch (request.kind) {
    case "invite_member":
      return fitsNextCommit(tx, request) ? invitationObjection(tx, request) : "no-room-in-commit";
    case "remove_member":
      if (!fitsNextCommit(tx, request)) return "no-room-in-commit";
      return removalObjection(tx, memberIdFromBytes(request.identity));
    case "steward_election":
      return isDeterministicElection(tx, request, proposer) ? undefined : "unexpected-list";
    case "emergency_criteria":
      return request.evidence === undefined
        ? "no-evidence"
        : emergencyObjection(tx, request, request.evidence, proposer);
    case "empty":
      return "empty-request";
  }
}

/** Nobody can commit the removal of someone who is not there (weakness W9), nor that of the last one (W32). */
export function removalObjection(tx: Transaction, target: MemberId): "not-a-member" | "nobody-left" | undefined {
  const { members } = requireGroup(tx);
  if (!members.includes(target)) return "not-a-member";
  const leaving = new Set([target, ...requestsUnderWay(tx).map(partingMember)]);
  return members.every((member) => leaving.has(member)) ? "nobody-left" : undefined;
}

/**
 * Whether the key package verifies, is the named member's, and no invitation of that member is under way (W10,
 * W31): no commit can hold two key packages of one member, and of one that is approved twice the stewards of
 * 3.0.0 commit a single Add, for which other 3.0.0 members leave its author alone.
 */
async function invitationObjection(
  tx: Transaction,
  request: Extract<ConversationUpdateRequest, { kind: "invite_member" }>,
): Promise<DefaultVoteReason | undefined> {
  const check = await checkKeyPackage(tx, request.keyPackageBytes);
  if (!check.ok || check.identity !== memberIdFromBytes(request.identity)) return "unsound-invitation";
  const hasRival = requestsUnderWay(tx).some(
    (rival) => rival.kind === "invite_member" && bytesEqual(rival.identity, request.identity),
  );
  return hasRival ? "rival-invitation" : undefined;
}

/** Whether an election is for this epoch, and {@link isDerivable}. */
export function isDeterministicElection(tx: Transaction, election: Election, proposer: MemberId): boolean {
  return election.electionEpoch === requireGroup(tx).epoch && isDerivable(tx, election, proposer);
}

/**
 * Whether an election is one that a member could derive: in its epoch, a retry round within the bound, in the order
 * of the members' hashes (W7). It may leave out each member whose removal is approved, as its proposer had approved
 * them when it was drawn up (W45); and its proposer: a steward that is going to leave hands over (W12).
 *
 * Its epoch may be the one before, where a commit overtook it on its way: who merged before it came must judge it as
 * those do who had it first (W44). A joiner that does not know the group's settings yet can derive none.
 */
export function isDerivable(tx: Transaction, election: Election, proposer: MemberId): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { members: present, epoch } = requireGroup(tx);
  const { electionEpoch, retryRound } = election;
  if (!state.synced || (electionEpoch !== epoch && electionEpoch !== epoch - 1n)) return false;
  const members = membersIn(tx, electionEpoch);
  const proposed = election.proposedStewards.map(memberIdFromBytes);
  // After an accepted Deadlock the round is past the bound for everyone (weakness W46).
  const lastRound = Math.max(stewards.maxRetries(state.stewards), stewards.retryRound(state.stewards));
  const config = stewards.config(state.stewards);
  // Before anything is compared with it: a list may name as many as a packet holds.
  if (retryRound > lastRound || proposed.length > computeListSize(config, members.length)) return false;
  const mayBeLeftOut = (member: MemberId): boolean =>
    member === proposer || isPendingRemoval(state, member) || !present.includes(member);
  const pool = members.filter((member) => proposed.includes(member) || !mayBeLeftOut(member));
  return (
    proposed.length >= computeListSize(config, pool.length) &&
    stewards.validateProposed(state.stewards, proposed, electionEpoch, pool, retryRound)
  );
}

/**
 * What speaks against an emergency: it is in another's name (W27), or what we see ourselves does not bear it out.
 *
 * An accusation is never borne out by silence (W41): what a commit or its absence shows, each member has scored by
 * itself, and whatever else is claimed would cost the accused its place on one member's word.
 */
function emergencyObjection(
  tx: Transaction,
  request: ConversationUpdateRequest,
  evidence: ViolationEvidence,
  proposer: MemberId,
): DefaultVoteReason | undefined {
  if (memberIdFromBytes(evidence.creatorMemberId) !== proposer) return "foreign-evidence";
  switch (evidence.violationType) {
    case ViolationType.Deadlock:
      return isDeadlocked(tx) ? undefined : "not-deadlocked";
    case ViolationType.ScoreBelowThreshold:
      return scoreRemovalObjection(tx, request, memberIdFromBytes(evidence.targetMemberId));
    default:
      return "unconfirmed-accusation";
  }
}

/** Whether nobody can commit: the freeze ended without a commit, or all tries to elect stewards have failed. */
function isDeadlocked({ env, state }: Transaction): boolean {
  const { stewards } = env.plugins;
  return (
    state.phase === "reelection" || stewards.retryRound(state.stewards) > stewards.maxRetries(state.stewards)
  );
}

function scoreRemovalObjection(
  tx: Transaction,
  request: ConversationUpdateRequest,
  accused: MemberId,
): DefaultVoteReason | undefined {
  const objection = removalObjection(tx, accused);
  if (objection !== undefined) return objection;
  if (!hasFallen(tx, accused)) return "score-above-threshold";
  return fitsNextCommit(tx, request) ? undefined : "changes-under-way";
}

/** Whether our own score of the accused is at the threshold or below (W29). */
function hasFallen({ env, state }: Transaction, accused: MemberId): boolean {
  const score = env.plugins.scoring.scoreFor(state.scores, accused);
  return score !== undefined && score <= env.plugins.scoring.threshold(state.scores);
}

/**
 * Refuses what no commit could carry out, before it is proposed.
 *
 * @throws DemlsError `incomplete-request`, `not-a-member`, `already-a-member`, `already-proposed`,
 *   `invalid-key-package`.
 */
export async function validateOwnRequest(tx: Transaction, request: ConversationUpdateRequest): Promise<void> {
  if (isIncomplete(request)) throw incompleteRequest();
  const target = membershipTarget(request) ?? accusedOf(request);
  if (target === undefined) return;
  const isMember = requireGroup(tx).members.includes(target);
  if (request.kind !== "invite_member" && !isMember) throw notAMember();
  if (request.kind === "invite_member" && isMember) throw alreadyAMember();
  const isUnderWay = requestsUnderWay(tx).some(
    (other) => other.kind === request.kind && membershipTarget(other) === target,
  );
  if (isUnderWay) throw alreadyProposed();
  if (request.kind !== "invite_member") return;
  const check = await checkKeyPackage(tx, request.keyPackageBytes);
  if (!check.ok) throw invalidKeyPackage(check.reason);
  if (check.identity !== target) throw invalidKeyPackage("it is another member's");
}

/** Whether the request says so little that its result could not be applied. */
function isIncomplete(request: ConversationUpdateRequest): boolean {
  if (request.kind === "emergency_criteria") return request.evidence === undefined;
  return request.kind === "empty";
}

function incompleteRequest(): DemlsError<"incomplete-request"> {
  return new DemlsError("incomplete-request", {
    message: "The request does not say what is to be decided.",
    field: "request",
    remedy: "Propose an invitation, a removal, an election, or an emergency with its evidence.",
  });
}

function notAMember(): DemlsError<"not-a-member"> {
  return new DemlsError("not-a-member", {
    message: "Only a member can be removed.",
    field: "member",
    remedy: "Take the id from the conversation's members.",
  });
}

function alreadyAMember(): DemlsError<"already-a-member"> {
  return new DemlsError("already-a-member", {
    message: "The key package is a member's.",
    field: "keyPackage",
    remedy: "Nothing to do: it is in the conversation.",
  });
}

function alreadyProposed(): DemlsError<"already-proposed"> {
  return new DemlsError("already-proposed", {
    message: "The same change is being voted on, or approved and waiting for its commit.",
    remedy: "Wait for commitApplied, or for a proposalDecided that says no.",
  });
}

function invalidKeyPackage(reason: string): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: `The key package cannot be added: ${reason}.`,
    field: "keyPackage",
    remedy: "Ask the joiner for a fresh one.",
  });
}
