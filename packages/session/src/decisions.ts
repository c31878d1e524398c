import type { Decision } from "@demls/consensus";
import { emergencyScoreOps } from "@demls/scoring";
import { decodeConversationUpdateRequest, ViolationType, type ViolationEvidence } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { queueApproved } from "./approved-queue.js";
import { openDueVotes } from "./due-votes.js";
import { applyElection, proposeElection, retryElection } from "./elections.js";
import { forceFreeze } from "./freeze.js";
import { promotePendingUpdates } from "./pending-updates.js";
import { appendBounded, withoutKey, withoutMember } from "./persistent-collections.js";
import { noteRefusedRemoval, proposeScoreRemovals } from "./score-removals.js";
import { applyScores } from "./scores.js";
import { armLeave, isLeaveOf } from "./self-leave.js";
import { LIMITS } from "./limits.js";
import type { ApprovedProposal } from "./state.js";
import { decide, emit, enterPhase, isPendingRemoval, update, type Turn } from "./turn.js";
import { membershipTarget, removalTarget, removeRequest } from "./update-request.js";

/**
 * Carries out what the voters decided: once a proposal, however often the algorithm says it
 * (`apply_consensus_outcome` in de-mls 3.0.0).
 */
export async function applyDecision(turn: Turn, { proposalId, result }: Decision): Promise<void> {
  const { state } = turn;
  if (state.resolved.includes(proposalId)) return;
  const tally = turn.env.plugins.consensus.tally(state.consensus, proposalId);
  if (tally === undefined) return;
  const decoded = decodeConversationUpdateRequest(tally.proposal.payload);
  if (!decoded.ok) return;
  const { proposal, yes, no, expected } = tally;
  const request = decoded.value;
  update(turn, {
    resolved: appendBounded(state.resolved, proposalId, LIMITS.resolved),
    autoVotes: withoutKey(state.autoVotes, proposalId),
    voteDeadlines: withoutKey(state.voteDeadlines, proposalId),
    ownProposals: withoutKey(state.ownProposals, proposalId),
  });
  decide(turn, { kind: "proposal-settled", proposalId, request: request.kind, result, yes, no, expected });
  emit(turn, { kind: "proposalDecided", proposalId, request, result });

  const approved = result === "yes";
  const proposer = memberIdFromBytes(proposal.proposalOwner);
  switch (request.kind) {
    case "steward_election":
      await (approved ? applyElection : retryElection)(turn, proposalId, request, proposer);
      return;
    case "emergency_criteria":
      update(turn, { activeEmergencies: withoutMember(turn.state.activeEmergencies, proposalId) });
      if (request.evidence !== undefined) {
        await settleEmergency(turn, proposalId, request.evidence, proposer, approved);
      }
      return;
    case "invite_member":
    case "remove_member":
      if (approved) await approve(turn, { proposalId, request, proposer });
      else dropPendingUpdate(turn, membershipTarget(request));
      // A decided vote leaves room for the next.
      await proposeScoreRemovals(turn);
      await promotePendingUpdates(turn);
      return;
    case "empty":
      return;
  }
}

/** Queues a membership change. A steward that is going to be removed calls for an election beside the commit. */
async function approve(turn: Turn, proposal: ApprovedProposal): Promise<void> {
  const target = removalTarget(proposal.request);
  const isQueued = target !== undefined && isPendingRemoval(turn.state, target);
  await queueApproved(turn, proposal);
  if (target === undefined || isQueued || !isPendingRemoval(turn.state, target)) return;
  if (isLeaveOf(turn.env.self, proposal)) armLeave(turn);
  if (!turn.env.plugins.stewards.isSteward(turn.state.stewards, target)) return;
  await proposeElection(turn, { recovery: true, exclude: target });
}

/** What an emergency leads to, by its type, and what it costs (RFC "Peer Scoring"). */
async function settleEmergency(
  turn: Turn,
  proposalId: number,
  evidence: ViolationEvidence,
  proposer: MemberId,
  approved: boolean,
): Promise<void> {
  const target = memberIdFromBytes(evidence.targetMemberId);
  if (approved && evidence.violationType === ViolationType.ScoreBelowThreshold) {
    await removeUrgently(turn, proposalId, target, proposer);
  } else if (approved && evidence.violationType === ViolationType.Deadlock) {
    update(turn, { recovery: true });
    await forceFreeze(turn, "deadlock");
  }
  if (!approved && evidence.violationType === ViolationType.ScoreBelowThreshold) {
    noteRefusedRemoval(turn, target);
  }
  update(turn, { scoreRemovals: withoutMember(turn.state.scoreRemovals, target) });
  const creator = memberIdFromBytes(evidence.creatorMemberId);
  // Evidence in another member's name says nothing about that member (weakness W27).
  if (creator === proposer) {
    const { violationType } = evidence;
    applyScores(turn, emergencyScoreOps({ violationType, target, creator }, approved));
  }
  if (turn.state.phase === "reelection") enterPhase(turn, "working", "emergency-settled");
  await proposeScoreRemovals(turn);
  // What it held up in the meantime.
  await openDueVotes(turn);
}

async function removeUrgently(
  turn: Turn,
  proposalId: number,
  target: MemberId,
  proposer: MemberId,
): Promise<void> {
  if (isPendingRemoval(turn.state, target)) return;
  await queueApproved(turn, { proposalId, request: removeRequest(target), proposer });
  // Dropped again, where no commit could hold it.
  if (!isPendingRemoval(turn.state, target)) return;
  update(turn, { urgentTarget: target });
  // No election yet, though the target be a steward: none is opened in a freeze (3.0.0 tries, in vain), and where
  // the freeze ends without a commit one follows, without the target.
  await forceFreeze(turn, "urgent-removal");
}

function dropPendingUpdate(turn: Turn, target: MemberId | undefined): void {
  if (target === undefined) return;
  update(turn, { pendingUpdates: withoutKey(turn.state.pendingUpdates, target) });
}
