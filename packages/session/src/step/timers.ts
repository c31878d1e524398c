import { DemlsError } from "@demls/wire/core";
import { enterFreeze, freezeDueMs } from "../freeze/freeze.js";
import { lateSelectionDueMs } from "../freeze/late-candidate.js";
import { selectCandidate } from "../freeze/selection.js";
import { isUnpublished, outboxOf } from "../messages/outbox.js";
import { endConversation } from "../model/ending.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { ConversationState } from "../model/state.js";
import { inGroup, policyOf, update, type ActiveTransaction, type Transaction } from "../model/transaction.js";
import { fallbackDueMs, openFallbackElection } from "../stewards/fallback-proposer.js";
import { castVote } from "../voting/cast-vote.js";
import { updateVote, voteOf } from "../voting/open-votes.js";
import { abandonProposal } from "../voting/propose.js";
import { reconsiderVote } from "../voting/reconsidered-vote.js";
import { leaveDueMs } from "../voting/self-leave.js";
import { holdSlot, releaseSlots, slotDueMs } from "../voting/session-slots.js";
import { decideVote } from "../voting/decide-vote.js";
import { followUp } from "./follow-ups.js";

/** A join without an answer is abandoned after this many times the joiner's own inactivity time. */
const PENDING_JOIN_PATIENCE = 3;

/**
 * Least milliseconds for which a join is pending. Where timeouts are short, three of them are less than the other steps
 * before a welcome take, such as the election after the last commit, and the votes.
 */
const LEAST_JOIN_PATIENCE_MS = 10_000;

/** Something that a conversation does by itself at its time. */
export type TimerKind =
  /** Cast this member's default vote. */
  | "defaultVote"
  /** Settle a vote by the votes counted so far. */
  | "voteDeadline"
  /** Use a session slot that was held for peers. */
  | "sessionSlot"
  /** Open the votes that a new epoch calls for. */
  | "epochVotes"
  /** Abandon a join without an answer. */
  | "joinExpiry"
  /** Start to collect commit candidates. */
  | "freeze"
  /** End the freeze. */
  | "selection"
  /** Select a candidate that came after the freeze. */
  | "lateSelection"
  /** Propose an election as the fallback proposer. */
  | "fallbackElection"
  /** Leave without the commit. */
  | "leave"
  /** Publish a packet again. */
  | "publish";

/** Time at which something is due. */
export interface Deadline {
  readonly kind: TimerKind;
  /** Monotonic. */
  readonly atMs: number;
  /** The vote that it is about. */
  readonly proposalId: number | undefined;
}

/** Monotonic milliseconds at which the conversation next does something by itself. */
export function nextWakeMs(tx: Transaction): number | undefined {
  const times = deadlines(tx).map(({ atMs }) => atMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Every {@link Deadline} of the conversation, in no order. */
export function deadlines(tx: Transaction): readonly Deadline[] {
  const [next] = outboxOf(tx.state);
  const isHeldBack = next !== undefined && next.notBeforeMs > tx.env.nowMs;
  return [
    ...(inGroup(tx) ? groupDeadlines(tx) : []),
    ...one("joinExpiry", joinDueMs(tx.state)),
    ...one("publish", isHeldBack ? next.notBeforeMs : undefined),
  ];
}

function groupDeadlines(tx: ActiveTransaction): readonly Deadline[] {
  const votes = [...tx.state.votes.open.values()];
  return [
    ...votes.flatMap(({ proposalId, defaultVote }) => one("defaultVote", defaultVote?.atMs, proposalId)),
    ...votes.flatMap(({ proposalId, deadlineMs }) => one("voteDeadline", deadlineMs, proposalId)),
    ...one("sessionSlot", slotDueMs(tx)),
    ...one("epochVotes", tx.state.epoch.votesDueAtMs),
    ...one("freeze", freezeDueMs(tx)),
    ...one("selection", selectionDueMs(tx)),
    ...one("lateSelection", lateSelectionDueMs(tx)),
    ...one("fallbackElection", fallbackDueMs(tx)),
    ...one("leave", leaveDueMs(tx)),
  ];
}

function one(kind: TimerKind, atMs: number | undefined, proposalId?: number): readonly Deadline[] {
  return atMs === undefined ? [] : [{ kind, atMs, proposalId }];
}

/** Does everything that is due: votes first, then the phase, as `tick_deadlines` and the polls of de-mls 3.0.0. */
export async function runTimers(tx: Transaction): Promise<void> {
  if (isDue(tx, joinDueMs(tx.state))) endConversation(tx, "join-expired");
  if (inGroup(tx)) castDueVotes(tx);
  if (inGroup(tx)) await decideDueVotes(tx);
  if (inGroup(tx)) await followUp(tx, openDueVotes(tx));
  if (inGroup(tx)) await followUp(tx, await runPhaseTimer(tx));
}

function isDue({ env }: Transaction, timeMs: number | undefined): boolean {
  return timeMs !== undefined && timeMs <= env.nowMs;
}

function joinDueMs(state: ConversationState): number | undefined {
  if (state.phase !== "pending-join") return undefined;
  const patienceMs = PENDING_JOIN_PATIENCE * state.config.commitInactivityMs;
  return state.joining.askedAtMs + Math.max(patienceMs, LEAST_JOIN_PATIENCE_MS);
}

function selectionDueMs({ state }: ActiveTransaction): number | undefined {
  const { anchoredAtMs } = state.commit;
  return state.phase === "freezing" && anchoredAtMs !== undefined
    ? anchoredAtMs + state.config.freezeMs
    : undefined;
}

function castDueVotes(tx: ActiveTransaction): void {
  for (const vote of tx.state.votes.open.values()) {
    const { proposalId, defaultVote } = vote;
    if (defaultVote === undefined || !isDue(tx, defaultVote.atMs)) continue;
    updateVote(tx, proposalId, { defaultVote: undefined });
    try {
      castVote(tx, proposalId, reconsiderVote(tx, vote, defaultVote.vote), { kind: "vote" });
    } catch (error) {
      // Decided, expired or evicted in the meantime: there is nothing left to vote on.
      if (!(error instanceof DemlsError)) throw error;
    }
  }
}

async function decideDueVotes(tx: ActiveTransaction): Promise<void> {
  const due = [...tx.state.votes.open.values()].filter(({ deadlineMs }) => isDue(tx, deadlineMs));
  for (const { proposalId } of due) {
    if (!inGroup(tx)) return;
    await followUp(tx, decideDueVote(tx, proposalId));
  }
}

function decideDueVote(tx: ActiveTransaction, proposalId: number): Facts {
  const { state, env } = tx;
  const vote = voteOf(tx, proposalId);
  if (vote === undefined) return NO_FACTS;
  if (vote.signature?.purpose.kind === "bundledYes") {
    // Peers have not seen it, so their silence decides nothing.
    abandonProposal(tx, proposalId, "signature-overdue");
    return NO_FACTS;
  }
  if (isUnpublished(tx, proposalId)) {
    // Peers have not seen it, so their silence decides nothing. The outbox abandons it in the end.
    const laterMs = env.nowMs + policyOf(tx).consensusDeadlineMs(state.config, true);
    updateVote(tx, proposalId, { deadlineMs: laterMs });
    return NO_FACTS;
  }
  const result = env.plugins.consensus.onDeadline(state.votes.sessions, proposalId, env.nowSeconds);
  update(tx, "votes", { sessions: result.state });
  updateVote(tx, proposalId, { deadlineMs: undefined });
  holdSlot(tx, proposalId, vote.own && vote.result === undefined);
  return result.kind === "decided" ? decideVote(tx, result.decision) : NO_FACTS;
}

function openDueVotes(tx: ActiveTransaction): Facts {
  const facts: Facts[number][] = [];
  if (isDue(tx, slotDueMs(tx))) {
    releaseSlots(tx);
    facts.push({ kind: "slotsReleased" });
  }
  if (isDue(tx, tx.state.epoch.votesDueAtMs)) facts.push({ kind: "epochVotesDue" });
  return facts;
}

/** Runs the first timer of the phase that is due. */
async function runPhaseTimer(tx: ActiveTransaction): Promise<Facts> {
  if (isDue(tx, selectionDueMs(tx))) return selectCandidate(tx, "freeze-over");
  if (isDue(tx, leaveDueMs(tx))) endConversation(tx, "left");
  else if (isDue(tx, lateSelectionDueMs(tx))) return selectCandidate(tx, "late-candidate");
  else if (isDue(tx, freezeDueMs(tx))) await enterFreeze(tx, "inactivity");
  else if (isDue(tx, fallbackDueMs(tx))) await openFallbackElection(tx);
  return NO_FACTS;
}
