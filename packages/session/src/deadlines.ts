import { applyDecision } from "./decisions.js";
import { endConversation } from "./ending.js";
import { enterFreeze, freezeDueMs } from "./freeze.js";
import { voteWhenDue } from "./vote-when-due.js";
import { lateSelectionDueMs } from "./late-candidates.js";
import { openEpochVotes } from "./merge.js";
import { isUnpublished } from "./outbox.js";
import { promotePendingUpdates } from "./pending-updates.js";
import { withEntry, withoutKey } from "./persistent-collections.js";
import { abandonProposal } from "./proposing.js";
import { proposeScoreRemovals } from "./score-removals.js";
import { selectCandidate } from "./selection.js";
import { leaveDueMs } from "./self-leave.js";
import { awaitsOwnYes } from "./signed-votes.js";
import { standIn, standInDueMs } from "./standing-in.js";
import { policyOf, update, type Turn } from "./turn.js";
import { freePlaces, holdPlace, placeDueMs } from "./vote-places.js";
import { castVote } from "./voting.js";
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
export type DueWork =
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
  readonly what: DueWork;
  /** Monotonic. */
  readonly atMs: number;
  /** The vote that it is about. */
  readonly proposalId: number | undefined;
}

/** When the conversation next has something to do by itself, in monotonic milliseconds. */
export function nextWakeMs(turn: Turn): number | undefined {
  const times = deadlines(turn).map(({ atMs }) => atMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** All that the conversation has to do by itself, in no order. */
export function deadlines(turn: Turn): readonly Deadline[] {
  const { autoVotes, voteDeadlines, epochVotesDueMs, outbox } = turn.state;
  const [next] = outbox;
  const isHeldBack = next !== undefined && next.notBeforeMs > turn.env.nowMs;
  const one = (what: DueWork, atMs: number | undefined, proposalId?: number): readonly Deadline[] =>
    atMs === undefined ? [] : [{ what, atMs, proposalId }];
  return [
    ...[...autoVotes].flatMap(([proposalId, { atMs }]) => one("own-vote", atMs, proposalId)),
    ...[...voteDeadlines].flatMap(([proposalId, atMs]) => one("settling", atMs, proposalId)),
    ...one("free-place", placeDueMs(turn)),
    ...one("epoch-votes", epochVotesDueMs),
    ...one("join-expiry", joinDueMs(turn)),
    ...one("freeze", freezeDueMs(turn)),
    ...one("selection", selectionDueMs(turn)),
    ...one("late-selection", lateSelectionDueMs(turn)),
    ...one("standing-in", standInDueMs(turn)),
    ...one("leave", leaveDueMs(turn)),
    ...one("publishing", isHeldBack ? next.notBeforeMs : undefined),
  ];
}

/** Does what is due: votes first, then the phase, as `tick_deadlines` and the polls of de-mls 3.0.0. */
export async function runDueWork(turn: Turn): Promise<void> {
  castDueVotes(turn);
  await settleDueVotes(turn);
  const isDue = (timeMs: number | undefined): boolean => timeMs !== undefined && timeMs <= turn.env.nowMs;
  if (isDue(placeDueMs(turn))) {
    freePlaces(turn);
    await proposeScoreRemovals(turn);
    await promotePendingUpdates(turn);
  }
  if (isDue(turn.state.epochVotesDueMs)) await openEpochVotes(turn);
  if (isDue(joinDueMs(turn))) endConversation(turn, "join-expired");
  else if (isDue(selectionDueMs(turn))) await selectCandidate(turn, "freeze-over");
  else if (isDue(leaveDueMs(turn))) endConversation(turn, "left");
  else if (isDue(lateSelectionDueMs(turn))) await selectCandidate(turn, "late-candidate");
  else if (isDue(freezeDueMs(turn))) await enterFreeze(turn, "inactivity");
  else if (isDue(standInDueMs(turn))) await standIn(turn);
}

function joinDueMs({ state }: Turn): number | undefined {
  if (state.phase !== "pending-join" || state.phaseAnchorMs === undefined) return undefined;
  const patienceMs = PENDING_JOIN_PATIENCE * state.config.commitInactivityMs;
  return state.phaseAnchorMs + Math.max(patienceMs, LEAST_JOIN_PATIENCE_MS);
}

function selectionDueMs({ state }: Turn): number | undefined {
  if (state.phase !== "freezing" || state.phaseAnchorMs === undefined) return undefined;
  return state.phaseAnchorMs + state.config.freezeMs;
}

function castDueVotes(turn: Turn): void {
  for (const [proposalId, { atMs, vote }] of turn.state.autoVotes) {
    if (atMs > turn.env.nowMs) continue;
    update(turn, { autoVotes: withoutKey(turn.state.autoVotes, proposalId) });
    try {
      castVote(turn, proposalId, voteWhenDue(turn, proposalId, vote), { kind: "vote" });
    } catch (error) {
      // Decided, expired or displaced in the meantime: there is nothing left to vote on.
      if (!(error instanceof DemlsError)) throw error;
    }
  }
}

async function settleDueVotes(turn: Turn): Promise<void> {
  for (const [proposalId, atMs] of turn.state.voteDeadlines) {
    if (atMs > turn.env.nowMs) continue;
    const { state, env } = turn;
    const unsent = unsentRequest(turn, proposalId);
    if (unsent !== undefined) {
      abandonProposal(turn, proposalId, unsent, "signature-overdue");
      continue;
    }
    if (isUnpublished(turn, proposalId)) {
      // Nobody has seen it yet, so silence says nothing; the outbox gives it up in the end.
      const laterMs = env.nowMs + policyOf(turn).consensusDeadlineMs(state.config, true);
      update(turn, { voteDeadlines: withEntry(state.voteDeadlines, proposalId, laterMs) });
      continue;
    }
    const result = env.plugins.consensus.onDeadline(state.consensus, proposalId, env.nowSeconds);
    update(turn, { consensus: result.state, voteDeadlines: withoutKey(state.voteDeadlines, proposalId) });
    holdPlace(turn, proposalId, state.ownProposals.has(proposalId));
    if (result.kind === "decided") await applyDecision(turn, result.decision);
  }
}

/** What an own proposal asks for whose yes is still unsigned: nobody has seen it, so silence decides nothing. */
function unsentRequest({ state }: Turn, proposalId: number): ConversationUpdateRequest | undefined {
  return awaitsOwnYes(state, proposalId) ? state.ownProposals.get(proposalId) : undefined;
}
