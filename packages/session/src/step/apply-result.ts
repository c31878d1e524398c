import { recordsEpochs } from "../model/abilities.js";
import { setUrgent } from "../changes/index.js";
import type { MemberId } from "@demls/wire/core";
import { queueApproved } from "../approved/index.js";
import { forceFreeze } from "../closing/index.js";
import { NO_FACTS, type Fact, type Facts } from "../model/fact.js";
import type { DecisionResult } from "../model/phase.js";
import {
  accusedOf,
  removalTarget,
  removeRequest,
  type ChangeRequest,
  type EmergencyRequest,
} from "../model/request.js";
import { isPendingRemoval, policyOf, type ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { applyElection, noteRejectedElection } from "../stewards/elections.js";
import { applyEpochResult } from "../stewards/epoch-results.js";
import { setRecovery } from "../stewards/steward-lists.js";
import { noteRejectedRemoval } from "../stewards/score-removals.js";
import { noteApprovedRemoval } from "../voting/bans.js";
import { dropPendingUpdate } from "../voting/pending-updates.js";
import { forgetRefusal, noteRefusal } from "../voting/refusals.js";
import { armLeave } from "../voting/self-leave.js";
import { isLeaveOf } from "../model/leaves.js";

/** Applies the result of a vote, by the kind of its request. */
export async function applyResult(
  tx: ActiveTransaction,
  vote: OpenVote,
  result: DecisionResult,
): Promise<Facts> {
  const isApproved = result === "yes";
  const { request } = vote;
  switch (request.kind) {
    case "electStewards":
      return isApproved ? applyElection(tx, vote, request) : noteRejectedElection(tx, vote, request);
    case "emergency":
      return applyEmergency(tx, vote, request, isApproved);
    case "add":
    case "remove":
      return applyMembership(tx, vote, request, isApproved);
  }
}

/** Queues an approved membership change, or forgets a rejected one. */
async function applyMembership(
  tx: ActiveTransaction,
  vote: OpenVote,
  request: ChangeRequest,
  isApproved: boolean,
): Promise<Facts> {
  const applied: Fact = { kind: "membershipApplied" };
  const { proposalId, proposer } = vote;
  if (!isApproved) {
    dropPendingUpdate(tx, request);
    if (request.kind === "add") await noteRefusal(tx, vote, request);
    return [applied];
  }
  if (request.kind === "add") forgetRefusal(tx, request.member);
  const target = removalTarget(request);
  const wasQueued = target !== undefined && isPendingRemoval(tx.state, target);
  await queueApproved(tx, { proposalId, request, proposer, ...(vote.consent && { consent: vote.consent }) });
  if (target !== undefined) noteApprovedRemoval(tx, target, proposer);
  if (target === undefined || !isPendingRemoval(tx.state, target)) return [applied];
  const isSent = !wasQueued || recordsEpochs(tx);
  if (isSent && isLeaveOf(tx.env.self, { proposalId, request, proposer })) armLeave(tx);
  if (wasQueued) return [applied];
  const isSteward = tx.env.plugins.stewards.isSteward(tx.state.stewards.list, target);
  return isSteward ? [{ kind: "stewardLeaving", steward: target }, applied] : [applied];
}

/** Applies the result of an emergency, by its type, and its score changes (RFC "Peer Scoring"). */
async function applyEmergency(
  tx: ActiveTransaction,
  vote: OpenVote,
  request: EmergencyRequest,
  isApproved: boolean,
): Promise<Facts> {
  if (request.evidence === undefined) return NO_FACTS;
  const { violation, target, creator } = request.evidence;
  // Evidence in another member's name proves nothing about that member (weakness W27).
  const isCounted = creator === vote.proposer && (isApproved || !failedBySilence(tx, vote));
  // First, because the candidate that a removal or a Deadlock leads to records it.
  if (isCounted)
    applyEpochResult(tx, {
      ...{ proposalId: vote.proposalId, approved: isApproved, request },
      epoch: tx.state.group.epoch,
    });
  if (violation === "scoreBelowThreshold") {
    if (isApproved) await removeUrgently(tx, vote, target);
    else noteRejectedRemoval(tx, target);
  } else if (violation === "deadlock" && isApproved) {
    if (!isCounted) setRecovery(tx, true);
    await forceFreeze(tx, "deadlock");
  }
  return [{ kind: "emergencyApplied" }];
}

/**
 * Whether a removal failed for want of votes and not by those of half of its voters, where silence removes no member. Its
 * creator pays nothing: stewards propose score removals by themselves, also while other members are away.
 */
function failedBySilence(tx: ActiveTransaction, { proposalId, request }: OpenVote): boolean {
  if (!policyOf(tx).removalsNeedVotes || accusedOf(request) === undefined) return false;
  const tally = tx.env.plugins.consensus.tally(tx.state.votes.sessions, proposalId);
  return tally !== undefined && 2 * tally.no < tally.expected;
}

async function removeUrgently(
  tx: ActiveTransaction,
  { proposalId, proposer }: OpenVote,
  target: MemberId,
): Promise<void> {
  noteApprovedRemoval(tx, target, proposer);
  if (isPendingRemoval(tx.state, target)) return;
  await queueApproved(tx, { proposalId, request: removeRequest(target), proposer });
  // `queueApproved` drops a removal that no commit can contain.
  if (!isPendingRemoval(tx.state, target)) return;
  setUrgent(tx, target);
  // No election now, even if the target is a steward: elections are not opened during a freeze (3.0.0 tries and fails).
  // If the freeze ends without a commit, an election without the target follows.
  await forceFreeze(tx, "urgent-removal");
}
