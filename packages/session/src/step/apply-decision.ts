import type { Decision } from "@demls/consensus";
import { emergencyScoreOps } from "@demls/scoring";
import { decodeConversationUpdateRequest, ViolationType, type ViolationEvidence } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { queueApproved } from "../freeze/approved-queue.js";
import { openDueVotes } from "../stewards/due-votes.js";
import { applyElection, proposeElection, retryElection } from "../stewards/elections.js";
import { forceFreeze } from "../freeze/freeze.js";
import { promotePendingUpdates } from "../voting/pending-updates.js";
import { appendBounded, withoutKey, withoutMember } from "../model/persistent-collections.js";
import { noteRejectedRemoval, proposeScoreRemovals } from "../stewards/score-removals.js";
import { applyScores } from "../stewards/scores.js";
import { armLeave, isLeaveOf } from "../voting/self-leave.js";
import { LIMITS } from "../model/limits.js";
import type { ApprovedProposal } from "../model/state.js";
import { trace, emit, enterPhase, isPendingRemoval, update, type Transaction } from "../model/transaction.js";
import { membershipTarget, removalTarget, removeRequest } from "../model/request.js";

/**
 * Carries out what the voters decided: once a proposal, however often the algorithm says it
 * (`apply_consensus_outcome` in de-mls 3.0.0).
 */
export async function applyDecision(tx: Transaction, { proposalId, result }: Decision): Promise<void> {
  const { state } = tx;
  if (state.resolved.includes(proposalId)) return;
  const tally = tx.env.plugins.consensus.tally(state.consensus, proposalId);
  if (tally === undefined) return;
  const decoded = decodeConversationUpdateRequest(tally.proposal.payload);
  if (!decoded.ok) return;
  const { proposal, yes, no, expected } = tally;
  const request = decoded.value;
  update(tx, {
    resolved: appendBounded(state.resolved, proposalId, LIMITS.resolved),
    defaultVotes: withoutKey(state.defaultVotes, proposalId),
    voteDeadlines: withoutKey(state.voteDeadlines, proposalId),
    ownProposals: withoutKey(state.ownProposals, proposalId),
  });
  trace(tx, { kind: "proposalSettled", proposalId, request: request.kind, result, yes, no, expected });
  emit(tx, { kind: "proposalDecided", proposalId, request, result });

  const approved = result === "yes";
  const proposer = memberIdFromBytes(proposal.proposalOwner);
  switch (request.kind) {
    case "steward_election":
      await (approved ? applyElection : retryElection)(tx, proposalId, request, proposer);
      return;
    case "emergency_criteria":
      update(tx, { activeEmergencies: withoutMember(tx.state.activeEmergencies, proposalId) });
      if (request.evidence !== undefined) {
        await settleEmergency(tx, proposalId, request.evidence, proposer, approved);
      }
      return;
    case "invite_member":
    case "remove_member":
      if (approved) await approve(tx, { proposalId, request, proposer });
      else dropPendingUpdate(tx, membershipTarget(request));
      // A decided vote leaves room for the next.
      await proposeScoreRemovals(tx);
      await promotePendingUpdates(tx);
      return;
    case "empty":
      return;
  }
}

/** Queues a membership change. A steward that is going to be removed calls for an election beside the commit. */
async function approve(tx: Transaction, proposal: ApprovedProposal): Promise<void> {
  const target = removalTarget(proposal.request);
  const isQueued = target !== undefined && isPendingRemoval(tx.state, target);
  await queueApproved(tx, proposal);
  if (target === undefined || isQueued || !isPendingRemoval(tx.state, target)) return;
  if (isLeaveOf(tx.env.self, proposal)) armLeave(tx);
  if (!tx.env.plugins.stewards.isSteward(tx.state.stewards, target)) return;
  await proposeElection(tx, { recovery: true, exclude: target });
}

/** What an emergency leads to, by its type, and what it costs (RFC "Peer Scoring"). */
async function settleEmergency(
  tx: Transaction,
  proposalId: number,
  evidence: ViolationEvidence,
  proposer: MemberId,
  approved: boolean,
): Promise<void> {
  const target = memberIdFromBytes(evidence.targetMemberId);
  if (approved && evidence.violationType === ViolationType.ScoreBelowThreshold) {
    await removeUrgently(tx, proposalId, target, proposer);
  } else if (approved && evidence.violationType === ViolationType.Deadlock) {
    update(tx, { recovery: true });
    await forceFreeze(tx, "deadlock");
  }
  if (!approved && evidence.violationType === ViolationType.ScoreBelowThreshold) {
    noteRejectedRemoval(tx, target);
  }
  update(tx, { scoreRemovals: withoutMember(tx.state.scoreRemovals, target) });
  const creator = memberIdFromBytes(evidence.creatorMemberId);
  // Evidence in another member's name says nothing about that member (weakness W27).
  if (creator === proposer) {
    const { violationType } = evidence;
    applyScores(tx, emergencyScoreOps({ violationType, target, creator }, approved));
  }
  if (tx.state.phase === "reelection") enterPhase(tx, "working", "emergency-settled");
  await proposeScoreRemovals(tx);
  // What it held up in the meantime.
  await openDueVotes(tx);
}

async function removeUrgently(
  tx: Transaction,
  proposalId: number,
  target: MemberId,
  proposer: MemberId,
): Promise<void> {
  if (isPendingRemoval(tx.state, target)) return;
  await queueApproved(tx, { proposalId, request: removeRequest(target), proposer });
  // Dropped again, where no commit could hold it.
  if (!isPendingRemoval(tx.state, target)) return;
  update(tx, { urgentTarget: target });
  // No election yet, though the target be a steward: none is opened in a freeze (3.0.0 tries, in vain), and where
  // the freeze ends without a commit one follows, without the target.
  await forceFreeze(tx, "urgent-removal");
}

function dropPendingUpdate(tx: Transaction, target: MemberId | undefined): void {
  if (target === undefined) return;
  update(tx, { pendingUpdates: withoutKey(tx.state.pendingUpdates, target) });
}
