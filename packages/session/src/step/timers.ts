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
import { resendDueMs, resendUnreported } from "../messages/sent-chat.js";
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
import type { Deadline, TimerKind } from "./timer-kinds.js";
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
    visit("resend", resendDueMs(tx));
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
  for (const kind of ["freeze", "standIn", "selection", "lateSelection", "closing"] as const)
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
  if (inGroup(tx)) resendUnreported(tx);
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
