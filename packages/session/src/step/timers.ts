import { applyDecision } from "./apply-decision.js";
import { endConversation } from "../model/ending.js";
import { enterFreeze, freezeDueMs } from "../freeze/freeze.js";
import { reconsiderVote } from "../voting/reconsidered-vote.js";
import { lateSelectionDueMs } from "../freeze/late-candidate.js";
import { openEpochVotes } from "../freeze/merge.js";
import { isUnpublished } from "../messages/outbox.js";
import { promotePendingUpdates } from "../voting/pending-updates.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import { abandonProposal } from "../voting/propose.js";
import { proposeScoreRemovals } from "../stewards/score-removals.js";
import { selectCandidate } from "../freeze/selection.js";
import { leaveDueMs } from "../voting/self-leave.js";
import { awaitsOwnYes } from "../voting/signed-vote.js";
import { openFallbackElection, fallbackDueMs } from "../stewards/fallback-proposer.js";
import { policyOf, update, type Transaction } from "../model/transaction.js";
import { releaseSlots, holdSlot, slotDueMs } from "../voting/session-slots.js";
import { castVote } from "../voting/cast-vote.js";
import type { ConversationUpdateRequest } from "@demls/wire";
import { DemlsError } from "@demls/wire/core";

/** A join that nobody answered is given up after this many times the joiner's own inactivity time. */
const PENDING_JOIN_PATIENCE = 3;

/**
 * But not sooner, in milliseconds: where waits are set short, three of them are less than what comes before a welcome
 * besides, such as the election that the last commit brought, and the votes.
 */
const LEAST_JOIN_PATIENCE_MS = 10_000;

/**
 * What a conversation does by itself when its time comes: cast this member's vote, settle a vote, open another in
 * its place, open the votes of a new epoch, give up joining, freeze, select a candidate (after the freeze, or one
 * that came late), propose the election that an absent member should have proposed, leave without the commit that
 * it has waited for, and publish.
 */
export type TimerKind =
  | "own-vote"
  | "settling"
  | "free-place"
  | "epoch-votes"
  | "join-expiry"
  | "freeze"
  | "selection"
  | "late-selection"
  | "standing-in"
  | "leave"
  | "publishing";

/** When something is due. */
export interface Deadline {
  readonly what: TimerKind;
  /** Monotonic. */
  readonly atMs: number;
  /** The vote that it is about. */
  readonly proposalId: number | undefined;
}

/** When the conversation next has something to do by itself, in monotonic milliseconds. */
export function nextWakeMs(tx: Transaction): number | undefined {
  const times = deadlines(tx).map(({ atMs }) => atMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** All that the conversation has to do by itself, in no order. */
export function deadlines(tx: Transaction): readonly Deadline[] {
  const { defaultVotes, voteDeadlines, epochVotesDueMs, outbox } = tx.state;
  const [next] = outbox;
  const isHeldBack = next !== undefined && next.notBeforeMs > tx.env.nowMs;
  const one = (what: TimerKind, atMs: number | undefined, proposalId?: number): readonly Deadline[] =>
    atMs === undefined ? [] : [{ what, atMs, proposalId }];
  return [
    ...[...defaultVotes].flatMap(([proposalId, { atMs }]) => one("own-vote", atMs, proposalId)),
    ...[...voteDeadlines].flatMap(([proposalId, atMs]) => one("settling", atMs, proposalId)),
    ...one("free-place", slotDueMs(tx)),
    ...one("epoch-votes", epochVotesDueMs),
    ...one("join-expiry", joinDueMs(tx)),
    ...one("freeze", freezeDueMs(tx)),
    ...one("selection", selectionDueMs(tx)),
    ...one("late-selection", lateSelectionDueMs(tx)),
    ...one("standing-in", fallbackDueMs(tx)),
    ...one("leave", leaveDueMs(tx)),
    ...one("publishing", isHeldBack ? next.notBeforeMs : undefined),
  ];
}

/** Does what is due: votes first, then the phase, as `tick_deadlines` and the polls of de-mls 3.0.0. */
export async function runTimers(tx: Transaction): Promise<void> {
  castDueVotes(tx);
  await settleDueVotes(tx);
  const isDue = (timeMs: number | undefined): boolean => timeMs !== undefined && timeMs <= tx.env.nowMs;
  if (isDue(slotDueMs(tx))) {
    releaseSlots(tx);
    await proposeScoreRemovals(tx);
    await promotePendingUpdates(tx);
  }
  if (isDue(tx.state.epochVotesDueMs)) await openEpochVotes(tx);
  if (isDue(joinDueMs(tx))) endConversation(tx, "join-expired");
  else if (isDue(selectionDueMs(tx))) await selectCandidate(tx, "freeze-over");
  else if (isDue(leaveDueMs(tx))) endConversation(tx, "left");
  else if (isDue(lateSelectionDueMs(tx))) await selectCandidate(tx, "late-candidate");
  else if (isDue(freezeDueMs(tx))) await enterFreeze(tx, "inactivity");
  else if (isDue(fallbackDueMs(tx))) await openFallbackElection(tx);
}

function joinDueMs({ state }: Transaction): number | undefined {
  if (state.phase !== "pending-join" || state.phaseAnchorMs === undefined) return undefined;
  const patienceMs = PENDING_JOIN_PATIENCE * state.config.commitInactivityMs;
  return state.phaseAnchorMs + Math.max(patienceMs, LEAST_JOIN_PATIENCE_MS);
}

function selectionDueMs({ state }: Transaction): number | undefined {
  if (state.phase !== "freezing" || state.phaseAnchorMs === undefined) return undefined;
  return state.phaseAnchorMs + state.config.freezeMs;
}

function castDueVotes(tx: Transaction): void {
  for (const [proposalId, { atMs, vote }] of tx.state.defaultVotes) {
    if (atMs > tx.env.nowMs) continue;
    update(tx, { defaultVotes: withoutKey(tx.state.defaultVotes, proposalId) });
    try {
      castVote(tx, proposalId, reconsiderVote(tx, proposalId, vote), { kind: "vote" });
    } catch (error) {
      // Decided, expired or displaced in the meantime: there is nothing left to vote on.
      if (!(error instanceof DemlsError)) throw error;
    }
  }
}

async function settleDueVotes(tx: Transaction): Promise<void> {
  for (const [proposalId, atMs] of tx.state.voteDeadlines) {
    if (atMs > tx.env.nowMs) continue;
    const { state, env } = tx;
    const unsent = unsentRequest(tx, proposalId);
    if (unsent !== undefined) {
      abandonProposal(tx, proposalId, unsent, "signature-overdue");
      continue;
    }
    if (isUnpublished(tx, proposalId)) {
      // Nobody has seen it yet, so silence says nothing; the outbox gives it up in the end.
      const laterMs = env.nowMs + policyOf(tx).consensusDeadlineMs(state.config, true);
      update(tx, { voteDeadlines: withEntry(state.voteDeadlines, proposalId, laterMs) });
      continue;
    }
    const result = env.plugins.consensus.onDeadline(state.consensus, proposalId, env.nowSeconds);
    update(tx, { consensus: result.state, voteDeadlines: withoutKey(state.voteDeadlines, proposalId) });
    holdSlot(tx, proposalId, state.ownProposals.has(proposalId));
    if (result.kind === "decided") await applyDecision(tx, result.decision);
  }
}

/** What an own proposal asks for whose yes is still unsigned: nobody has seen it, so silence decides nothing. */
function unsentRequest({ state }: Transaction, proposalId: number): ConversationUpdateRequest | undefined {
  return awaitsOwnYes(state, proposalId) ? state.ownProposals.get(proposalId) : undefined;
}
