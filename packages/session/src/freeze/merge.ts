import { selfLeaveProposalId } from "@demls/consensus";
import type { StagedCommit } from "@demls/mls";
import type { ScoreOp } from "@demls/scoring";
import { encodeWelcomeMessage } from "@demls/wire";
import { bytesToHex, WELCOME_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { openDueVotes } from "../stewards/due-votes.js";
import { proposeElection, reportStewards } from "../stewards/elections.js";
import type { CommittedChange } from "../model/event.js";
import { endConversation } from "../model/ending.js";
import { forgetOldProposals } from "../voting/observed-proposals.js";
import { actionKey, requestKey } from "./candidates.js";
import { keepPastMembers } from "../voting/past-epoch-votes.js";
import { prunePendingUpdates } from "../voting/pending-updates.js";
import { appendBounded } from "../model/persistent-collections.js";
import { forgetRejectedRemovals, proposeScoreRemovals } from "../stewards/score-removals.js";
import { applyScores, syncScoredMembers } from "../stewards/scores.js";
import { isLeaveOf } from "../voting/self-leave.js";
import { LIMITS } from "../model/limits.js";
import type { HeldCandidate } from "../model/state.js";
import { dropUncommittable } from "./uncommittable-changes.js";
import { sendSync } from "../join/sync.js";
import { trace, emit, enqueue, policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";

/**
 * Adopts the winning commit and does what a new epoch calls for, in the reference's order: scores,
 * the commit's event, welcome and ConversationSync by the committer, members, pending changes,
 * steward list, an election where the list is exhausted, buffered proposals.
 */
export async function mergeCommit(
  tx: Transaction,
  winner: HeldCandidate,
  staged: StagedCommit,
  ops: readonly ScoreOp[],
): Promise<void> {
  applyScores(tx, ops);
  const leftByOwnWish = settleQueue(tx, winner, staged);
  if (staged.selfRemoved) {
    endConversation(tx, leftByOwnWish ? "left" : "removed");
    return;
  }
  const before = requireGroup(tx);
  update(tx, { group: tx.env.plugins.mls.adopt(before, staged), candidates: new Map() });
  keepPastMembers(tx, before);
  if (winner.welcome !== undefined) {
    // Only now: who joins must not be ahead of the one that let it in.
    const invitation = { kind: "invitation_to_join", mlsMessageOutBytes: winner.welcome } as const;
    enqueue(tx, encodeWelcomeMessage(invitation), WELCOME_SUBTOPIC);
  }
  update(tx, { quietUntilMs: tx.env.nowMs + policyOf(tx).quietAfterCommitMs(tx.state.config) });
  if (winner.welcome !== undefined) {
    await proposeAutomatically(tx, "conversation sync", () => sendSync(tx));
  }
  dropUncommittable(tx);
  forgetOldProposals(tx);
  announceMembers(tx, before.members);
  syncScoredMembers(tx);
  prunePendingUpdates(tx);
  await beginEpoch(tx);
}

/** Takes what was committed off the queue. Returns whether one's own leave was in it. */
function settleQueue(tx: Transaction, winner: HeldCandidate, staged: StagedCommit): boolean {
  const { approved, urgentTarget, committed } = tx.state;
  const done = new Set(staged.actions.map(actionKey));
  const isDone = ({ request }: CommittedChange): boolean => done.has(requestKey(request));
  const changes = approved.filter(isDone);
  update(tx, {
    approved: approved.filter((proposal) => !isDone(proposal)),
    urgentTarget: undefined,
    committed: appendBounded(committed, bytesToHex(winner.commitHash), LIMITS.committed),
  });
  emit(tx, {
    kind: "commitApplied",
    epoch: staged.epoch + 1n,
    committer: winner.steward,
    changes: changes.map(({ proposalId, request }) => ({ proposalId, request })),
    urgent: urgentTarget !== undefined,
  });
  return changes.some((proposal) => isLeaveOf(tx.env.self, proposal));
}

function announceMembers(tx: Transaction, before: readonly MemberId[]): void {
  const { members } = requireGroup(tx);
  const added = members.filter((member) => !before.includes(member));
  const removed = before.filter((member) => !members.includes(member));
  for (const member of added) forgetLeave(tx, member);
  forgetRejectedRemovals(tx);
  emit(tx, { kind: "membersChanged", members, added, removed });
}

/** The id of a leave is the same every time: whoever comes back must be able to leave again (weakness W30). */
function forgetLeave(tx: Transaction, member: MemberId): void {
  const { consensus, resolved } = tx.state;
  const leave = selfLeaveProposalId(member);
  update(tx, {
    consensus: tx.env.plugins.consensus.forget(consensus, leave),
    resolved: resolved.filter((proposalId) => proposalId !== leave),
  });
}

async function beginEpoch(tx: Transaction): Promise<void> {
  const { stewards } = tx.env.plugins;
  const { epoch, members } = requireGroup(tx);
  trace(tx, { kind: "phase", from: tx.state.phase, to: "working", reason: "commit-merged" });
  // Working already while the proposals below are made; its event comes after theirs.
  update(tx, {
    stewards: stewards.resetRetry(tx.state.stewards),
    phase: "working",
    phaseAnchorMs: undefined,
    gapReported: undefined,
    divergenceReported: false,
    epochEnteredMs: tx.env.nowMs,
  });
  const filled = stewards.maybeAutoFill(tx.state.stewards, epoch, members);
  update(tx, { stewards: filled.state });
  reportStewards(tx, filled.events, "filled");
  if (tx.state.quietUntilMs > tx.env.nowMs) update(tx, { epochVotesDueMs: tx.state.quietUntilMs });
  else await openEpochVotes(tx);
  emit(tx, { kind: "phaseChanged", phase: "working" });
}

/** The votes that a new epoch calls for: on stewards, on changes that were left over, on who behaved too badly. */
export async function openEpochVotes(tx: Transaction): Promise<void> {
  update(tx, { epochVotesDueMs: undefined });
  await openDueVotes(tx);
  if (tx.state.recovery) await proposeElection(tx, { recovery: true });
  await proposeScoreRemovals(tx);
}
