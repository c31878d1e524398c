import { selfLeaveProposalId } from "@demls/consensus";
import type { StagedCommit } from "@demls/mls";
import type { ScoreOp } from "@demls/scoring";
import { encodeWelcomeMessage } from "@demls/wire";
import { bytesToHex, WELCOME_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { openDueVotes } from "./due-votes.js";
import { proposeElection, reportStewards } from "./elections.js";
import type { CommittedChange } from "./event.js";
import { endConversation } from "./ending.js";
import { forgetOldProposals } from "./heard-proposals.js";
import { actionKey, requestKey } from "./held-candidates.js";
import { rememberVoters } from "./overtaken-votes.js";
import { prunePendingUpdates } from "./pending-updates.js";
import { appendBounded } from "./persistent-collections.js";
import { forgetRefusedRemovals, proposeScoreRemovals } from "./score-removals.js";
import { applyScores, syncScoredMembers } from "./scores.js";
import { isLeaveOf } from "./self-leave.js";
import { LIMITS } from "./limits.js";
import type { HeldCandidate } from "./state.js";
import { dropStuckWork } from "./stuck-work.js";
import { sendSync } from "./sync.js";
import { decide, emit, enqueue, policyOf, requireGroup, update, type Turn } from "./turn.js";

/**
 * Adopts the winning commit and does what a new epoch calls for, in the reference's order: scores,
 * the commit's event, welcome and ConversationSync by the committer, members, pending changes,
 * steward list, an election where the list is exhausted, buffered proposals.
 */
export async function mergeCommit(
  turn: Turn,
  winner: HeldCandidate,
  staged: StagedCommit,
  ops: readonly ScoreOp[],
): Promise<void> {
  applyScores(turn, ops);
  const leftByOwnWish = settleQueue(turn, winner, staged);
  if (staged.selfRemoved) {
    endConversation(turn, leftByOwnWish ? "left" : "removed");
    return;
  }
  const before = requireGroup(turn);
  update(turn, { group: turn.env.plugins.mls.merge(before, staged), candidates: new Map() });
  rememberVoters(turn, before);
  if (winner.welcome !== undefined) {
    // Only now: who joins must not be ahead of the one that let it in.
    const invitation = { kind: "invitation_to_join", mlsMessageOutBytes: winner.welcome } as const;
    enqueue(turn, encodeWelcomeMessage(invitation), WELCOME_SUBTOPIC);
  }
  update(turn, { quietUntilMs: turn.env.nowMs + policyOf(turn).quietAfterCommitMs(turn.state.config) });
  if (winner.welcome !== undefined) {
    await openAutomatically(turn, "conversation sync", () => sendSync(turn));
  }
  dropStuckWork(turn);
  forgetOldProposals(turn);
  announceMembers(turn, before.members);
  syncScoredMembers(turn);
  prunePendingUpdates(turn);
  await beginEpoch(turn);
}

/** Takes what was committed off the queue. Returns whether one's own leave was in it. */
function settleQueue(turn: Turn, winner: HeldCandidate, staged: StagedCommit): boolean {
  const { approved, urgentTarget, committed } = turn.state;
  const done = new Set(staged.actions.map(actionKey));
  const isDone = ({ request }: CommittedChange): boolean => done.has(requestKey(request));
  const changes = approved.filter(isDone);
  update(turn, {
    approved: approved.filter((proposal) => !isDone(proposal)),
    urgentTarget: undefined,
    committed: appendBounded(committed, bytesToHex(winner.commitHash), LIMITS.committed),
  });
  emit(turn, {
    kind: "commitApplied",
    epoch: staged.epoch + 1n,
    committer: winner.steward,
    changes: changes.map(({ proposalId, request }) => ({ proposalId, request })),
    urgent: urgentTarget !== undefined,
  });
  return changes.some((proposal) => isLeaveOf(turn.env.self, proposal));
}

function announceMembers(turn: Turn, before: readonly MemberId[]): void {
  const { members } = requireGroup(turn);
  const added = members.filter((member) => !before.includes(member));
  const removed = before.filter((member) => !members.includes(member));
  for (const member of added) forgetLeave(turn, member);
  forgetRefusedRemovals(turn);
  emit(turn, { kind: "membersChanged", members, added, removed });
}

/** The id of a leave is the same every time: whoever comes back must be able to leave again (weakness W30). */
function forgetLeave(turn: Turn, member: MemberId): void {
  const { consensus, resolved } = turn.state;
  const leave = selfLeaveProposalId(member);
  update(turn, {
    consensus: turn.env.plugins.consensus.forget(consensus, leave),
    resolved: resolved.filter((proposalId) => proposalId !== leave),
  });
}

async function beginEpoch(turn: Turn): Promise<void> {
  const { stewards } = turn.env.plugins;
  const { epoch, members } = requireGroup(turn);
  decide(turn, { kind: "phase", from: turn.state.phase, to: "working", reason: "commit-merged" });
  // Working already while the proposals below are made; its event comes after theirs.
  update(turn, {
    stewards: stewards.resetRetry(turn.state.stewards),
    phase: "working",
    phaseAnchorMs: undefined,
    gapReported: undefined,
    divergenceReported: false,
    epochEnteredMs: turn.env.nowMs,
  });
  const filled = stewards.maybeAutoFill(turn.state.stewards, epoch, members);
  update(turn, { stewards: filled.state });
  reportStewards(turn, filled.events, "filled");
  if (turn.state.quietUntilMs > turn.env.nowMs) update(turn, { epochVotesDueMs: turn.state.quietUntilMs });
  else await openEpochVotes(turn);
  emit(turn, { kind: "phaseChanged", phase: "working" });
}

/** The votes that a new epoch calls for: on stewards, on changes that were left over, on who behaved too badly. */
export async function openEpochVotes(turn: Turn): Promise<void> {
  update(turn, { epochVotesDueMs: undefined });
  await openDueVotes(turn);
  if (turn.state.recovery) await proposeElection(turn, { recovery: true });
  await proposeScoreRemovals(turn);
}
