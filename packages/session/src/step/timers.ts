import { DemlsError } from "@demls/wire/core";
import { compareBranches } from "../branches/compare.js";
import { branchesDueMs } from "../branches/forks.js";
import { keyRenewalDueMs } from "../keys/index.js";
import { closingTimer } from "../closing/index.js";
import { confirmationDueMs, sendConfirmations } from "../join/confirmations.js";
import { farewellDueMs } from "../join/farewell.js";
import { leafNoticeDueMs, sendLeafNotices } from "../join/leaf-notices.js";
import { rejoinDueMs, runRejoin } from "../join/rejoin.js";
import { showPresence } from "../join/rejoin-requests.js";
import { runFarewell } from "../join/run-farewell.js";
import { announceIfDue } from "../join/welcome.js";
import { outboxOf } from "../messages/outbox.js";
import { endConversation } from "../model/ending.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { ConversationState } from "../model/state.js";
import { inGroup, type ActiveTransaction, type Transaction } from "../model/transaction.js";
import { catchUpDueMs, closesFromMs, runCatchUp, standingOf } from "../standing/index.js";
import { fallbackChangesDueMs, proposeFallbackChanges } from "../stewards/fallback-changes.js";
import { fallbackDueMs, openFallbackElection } from "../stewards/fallback-proposer.js";
import { castVote } from "../voting/cast-vote.js";
import { deputiesDueMs, renewDeputies } from "../voting/deputies.js";
import { updateVote } from "../voting/open-votes.js";
import { dropExpired, expiryDueMs } from "../voting/expired-proposals.js";
import { reconsiderVote } from "../voting/reconsidered-vote.js";
import { leaveDueMs } from "../voting/self-leave.js";
import { releaseSlots, slotDueMs } from "../voting/session-slots.js";
import { decideDueVote } from "../voting/due-vote.js";
import { followUp } from "./follow-ups.js";
import { repairTimer } from "../lost-packets/index.js";

/** Minimum number of the joiner's inactivity timeouts before a join without an answer expires. */
const PENDING_JOIN_PATIENCE = 5;

/** Number of absent proposers that a joiner waits for. */
const ABSENT_PROPOSERS = 2;

/**
 * Minimum milliseconds before a join expires. If the inactivity timeout is short, the election and the vote before a
 * welcome can take longer than three of them.
 */
const LEAST_JOIN_PATIENCE_MS = 10_000;

/** Kind of a timer. */
export type TimerKind =
  /** Casts the default vote: `votingDelayMs` after a vote opened here, of an election `electionVotingDelayMs`. */
  | "defaultVote"
  /** Decides a vote: `consensusTimeoutMs` after it opened; for peers in `de-mls-3` mode 1.5 times as late. */
  | "voteDeadline"
  /** Releases a session slot once peers have also decided a vote that ended by silence. */
  | "sessionSlot"
  /** Opens the votes of a new epoch: `quietAfterCommitMs` after the commit. */
  | "epochVotes"
  /**
   * Expires a join without an answer: after five times the joiner's `commitInactivityMs`, 10 seconds, 2 ×
   * `recoveryInactivityMs` + `consensusTimeoutMs` + `commitInactivityMs` + `freezeMs`, or the deadline of
   * `user.join`, whichever is last.
   */
  | "joinExpiry"
  /**
   * Announces the key package of a joiner again: after 30 seconds, then after twice as long each time. While the
   * joiner lacks the welcome or its confirmation: after 2 to 60 seconds.
   */
  | "announcement"
  /**
   * Withdraws the key package of a join that was given up, three times within 20 seconds: at once if its user has cancelled it,
   * an hour later if it has run out of time.
   */
  | "farewell"
  /** Replaces this member's leaf once it is left behind, or announces the key package for it again. */
  | "rejoin"
  /** Shows that this member is there: 2 seconds after a key package asks for its place, every 20 seconds at most. */
  | "presence"
  /** Tells a member that has lost its storage which leaf it has, after the random delay of an answer. */
  | "leafNotice"
  /** Confirms the group to a guest: at once as the inviter, 1.5 seconds later for each place among its deputies. */
  | "confirmation"
  /** Signs the list of deputies anew: a day after the last time, as long as an invitation of this member lasts. */
  | "deputies"
  /** Renews this member's keys once nothing else is to commit: at an age of `keyRenewalMs`, or after a call. */
  | "keyRenewal"
  /**
   * Starts to collect commit candidates: `commitInactivityMs` after the first approved change. In recovery or
   * after a rejected election: after `recoveryInactivityMs`.
   */
  | "freeze"
  /** Ends the freeze: `freezeMs` after it began. */
  | "selection"
  /** Selects a candidate that arrived in reelection: `recoveryInactivityMs` later, if a better one may come. */
  | "lateSelection"
  /** Merges a commit without waiting longer for the choices of silent members. */
  | "closing"
  /**
   * Proposes an election as the fallback proposer: `consensusTimeoutMs`, plus `recoveryInactivityMs` for each
   * rank, after one was due.
   */
  | "fallbackElection"
  /**
   * Proposes buffered changes as the fallback proposer, in strict mode: `recoveryInactivityMs` for each rank
   * after they could be proposed.
   */
  | "fallbackChanges"
  /** Compares the branches 5 seconds after news of a fork, or forgets a fork after a day. */
  | "branches"
  /**
   * Leaves without the commit: 3 × (`commitInactivityMs` + `freezeMs`) after the leave was approved, in
   * reelection and selection.
   */
  | "leave"
  /** Reports the packets that this member has, asks for missing ones, answers, or ends catching up. */
  | "repair"
  /** Drops an own proposal that has expired before it was published. */
  | "expiry"
  /** Publishes the oldest packet of the outbox again. */
  | "publish";

/** Time of a timer. */
export interface Deadline {
  readonly kind: TimerKind;
  /** Monotonic time in ms. */
  readonly atMs: number;
  /** Id of the proposal, if the timer belongs to a vote. */
  readonly proposalId: number | undefined;
}

/** Called with each timer and its time; `undefined` if it does not run. */
type Visit = (kind: TimerKind, atMs: number | undefined, proposalId?: number) => void;

/** Monotonic time in ms of the next timer. */
export function nextWakeMs(tx: Transaction): number | undefined {
  let nextMs: number | undefined;
  visitTimers(tx, (_kind, atMs) => {
    if (atMs !== undefined) nextMs = Math.min(nextMs ?? atMs, atMs);
  });
  return nextMs;
}

/** All deadlines of the conversation, unordered. */
export function deadlines(tx: Transaction): readonly Deadline[] {
  const found: Deadline[] = [];
  visitTimers(tx, (kind, atMs, proposalId) => {
    if (atMs !== undefined) found.push({ kind, atMs, proposalId });
  });
  return found;
}

function visitTimers(tx: Transaction, visit: Visit): void {
  const [next] = outboxOf(tx.state);
  const isHeldBack = next !== undefined && next.notBeforeMs > tx.env.nowMs;
  if (inGroup(tx)) {
    if (standingOf(tx) !== "catchingUp") visitOwnTimers(tx, visit);
    for (const atMs of repairTimer.timesMs(tx)) visit("repair", atMs);
    visit("repair", catchUpDueMs(tx));
    visit("rejoin", rejoinDueMs(tx));
    visit("presence", tx.state.rejoin.showAtMs);
    visit("leafNotice", leafNoticeDueMs(tx));
    visit("confirmation", confirmationDueMs(tx));
    visit("expiry", expiryDueMs(tx));
  }
  visit("joinExpiry", joinDueMs(tx.state));
  visit("announcement", tx.state.phase === "pending-join" ? tx.state.joining.announceAtMs : undefined);
  visit("farewell", farewellDueMs(tx.state));
  visit("publish", isHeldBack ? next.notBeforeMs : undefined);
}

function visitOwnTimers(tx: ActiveTransaction, visit: Visit): void {
  const { open } = tx.state.votes;
  for (const { proposalId, defaultVote } of open.values())
    visit("defaultVote", defaultVote?.atMs, proposalId);
  for (const { proposalId, deadlineMs } of open.values()) visit("voteDeadline", deadlineMs, proposalId);
  visit("sessionSlot", slotDueMs(tx));
  visit("epochVotes", tx.state.epoch.votesDueAtMs);
  visit("deputies", deputiesDueMs(tx));
  const renewalMs = keyRenewalDueMs(tx);
  visit("keyRenewal", renewalMs !== undefined && renewalMs > tx.env.nowMs ? renewalMs : undefined);
  for (const kind of ["freeze", "selection", "lateSelection", "closing"] as const)
    visit(kind, closingTimer.dueMs(tx, kind));
  visit("fallbackElection", fallbackDueMs(tx));
  visit("fallbackChanges", fallbackChangesDueMs(tx));
  visit("leave", leaveDueMs(tx));
  visit("branches", whenClosing(tx, branchesDueMs(tx)));
}

/** A time at which this member acts on commits, once it may. */
function whenClosing(tx: ActiveTransaction, timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : Math.max(timeMs, closesFromMs(tx));
}

/** Runs everything that is due: votes first, then the phase, like `tick_deadlines` and the polls of de-mls 3.0.0. */
export async function runTimers(tx: Transaction): Promise<void> {
  if (isDue(tx, joinDueMs(tx.state))) endConversation(tx, "join-expired");
  announceIfDue(tx);
  await runFarewell(tx);
  if (inGroup(tx)) await followUp(tx, runCatchUp(tx));
  if (inGroup(tx)) {
    await repairTimer.run(tx);
    runRejoin(tx);
    await showPresence(tx);
    sendLeafNotices(tx);
    await sendConfirmations(tx);
  }
  if (inGroup(tx)) await followUp(tx, dropExpired(tx));
  if (inGroup(tx) && standingOf(tx) === "catchingUp") return;
  if (inGroup(tx)) await castDueVotes(tx);
  if (inGroup(tx)) await decideDueVotes(tx);
  if (inGroup(tx)) await followUp(tx, openDueVotes(tx));
  if (inGroup(tx) && isDue(tx, deputiesDueMs(tx))) await renewDeputies(tx);
  if (inGroup(tx) && isDue(tx, whenClosing(tx, branchesDueMs(tx))))
    await followUp(tx, await compareBranches(tx));
  if (inGroup(tx)) await followUp(tx, await runPhaseTimer(tx));
}

function isDue({ env }: Transaction, timeMs: number | undefined): boolean {
  return timeMs !== undefined && timeMs <= env.nowMs;
}

function joinDueMs(state: ConversationState): number | undefined {
  if (state.phase !== "pending-join") return undefined;
  const { commitInactivityMs, consensusTimeoutMs, freezeMs, recoveryInactivityMs } = state.config;
  const usualMs = PENDING_JOIN_PATIENCE * commitInactivityMs;
  // The epoch steward and the next proposer are away, and so are voters; the freeze waits for the steward's candidate.
  const fallbackMs =
    ABSENT_PROPOSERS * recoveryInactivityMs + consensusTimeoutMs + commitInactivityMs + freezeMs;
  const { askedAtMs, awaitedUntilMs = -Infinity } = state.joining;
  return Math.max(askedAtMs + Math.max(usualMs, fallbackMs, LEAST_JOIN_PATIENCE_MS), awaitedUntilMs);
}

async function castDueVotes(tx: ActiveTransaction): Promise<void> {
  for (const vote of tx.state.votes.open.values()) {
    const { proposalId, defaultVote } = vote;
    if (defaultVote === undefined || !isDue(tx, defaultVote.atMs)) continue;
    updateVote(tx, proposalId, { defaultVote: undefined });
    try {
      castVote(tx, proposalId, await reconsiderVote(tx, vote, defaultVote.vote), { kind: "vote" });
    } catch (error) {
      // The vote was decided, expired or evicted in the meantime.
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
  if (isDue(tx, leaveDueMs(tx))) {
    endConversation(tx, "left");
    return NO_FACTS;
  }
  const closing = await closingTimer.run(tx);
  if (closing !== undefined) return closing;
  if (isDue(tx, fallbackDueMs(tx))) await openFallbackElection(tx);
  else if (isDue(tx, fallbackChangesDueMs(tx))) await proposeFallbackChanges(tx);
  return NO_FACTS;
}
