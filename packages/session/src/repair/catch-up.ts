import { NO_FACTS, type Facts } from "../model/fact.js";
import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { longestAnswerDelayMs } from "../model/answer-delay.js";
import { isUnconfirmed, noteConfirmed, noteServed, noteUnconfirmed, PATIENCE_MS } from "./own-height.js";
import { hastenReports } from "./reports.js";

/** Time in ms for which an answer may be on its way. */
const ON_THE_WAY_MS = 1_000;

/**
 * Whether this member has not caught up yet after a start or a pause. Until then it casts no default vote, decides no
 * vote, sends no candidate and merges no commit: it may have missed those of the others.
 */
export function isCatchingUp({ state }: ActiveTransaction): boolean {
  return state.repair.catchUp !== undefined;
}

/** Starts to catch up, unless there is no other member to ask. */
export function beginCatchUp(tx: ActiveTransaction): boolean {
  if (!policyOf(tx).repairsGaps || tx.state.group.members.length === 1) return false;
  update(tx, "repair", { catchUp: { endsAtMs: tx.env.nowMs + PATIENCE_MS, isAnswered: false } });
  return true;
}

/** Starts to catch up as {@link beginCatchUp} does, with a state that may be an old copy. */
export function beginUnconfirmed(tx: ActiveTransaction): boolean {
  if (!beginCatchUp(tx)) return false;
  noteUnconfirmed(tx);
  return true;
}

/**
 * Notes a complete answer about the current epoch. If this member's own height is not known, others that have more of its
 * packets answer too: it waits for them, so that a member that withholds packets cannot make it reuse their keys. If it has
 * waited in vain before, it catches up again meanwhile.
 */
export function noteCatchUpAnswer(tx: ActiveTransaction): void {
  if (!isUnconfirmed(tx)) {
    noteHeight(tx);
    endCatchUp(tx);
    return noteCaughtUp(tx);
  }
  const { catchUp } = tx.state.repair;
  if (catchUp?.isAnswered === true) return;
  const answersDueMs = longestAnswerDelayMs(tx.state.group.members.length) + ON_THE_WAY_MS;
  const endsAtMs = Math.min(catchUp?.endsAtMs ?? Infinity, tx.env.nowMs + answersDueMs);
  update(tx, "repair", { catchUp: { endsAtMs, isAnswered: true } });
}

/** Notes that the own height is known. The next report tells the others which generations a restart has skipped. */
function confirm(tx: ActiveTransaction): void {
  if (!isUnconfirmed(tx)) return;
  noteConfirmed(tx);
  hastenReports(tx);
}

/** Notes that the answers are there. In an epoch that the others have left, this member only merges their commit. */
function noteHeight(tx: ActiveTransaction): void {
  const { peerEpoch } = tx.state.repair;
  if (peerEpoch !== undefined && peerEpoch > tx.state.group.epoch) noteServed(tx);
  else confirm(tx);
}

/** Ends catching up once its time is over. */
export function runCatchUp(tx: ActiveTransaction): Facts {
  const { catchUp, behindSince: from } = tx.state.repair;
  if (catchUp === undefined || catchUp.endsAtMs > tx.env.nowMs) return NO_FACTS;
  endCatchUp(tx);
  if (!catchUp.isAnswered) return NO_FACTS;
  noteHeight(tx);
  noteCaughtUp(tx);
  const isBack = from !== undefined && tx.state.repair.behindSince === undefined;
  return isBack ? [{ kind: "caughtUp", from }] : NO_FACTS;
}

/** Ends catching up: this member acts again. */
function endCatchUp(tx: ActiveTransaction): void {
  if (isCatchingUp(tx)) update(tx, "repair", { catchUp: undefined });
}

/** Emits `caughtUp` once this member has merged the commits that it missed and is in the epoch of the others. */
function noteCaughtUp(tx: ActiveTransaction): void {
  const { behindSince, peerEpoch } = tx.state.repair;
  const { epoch } = tx.state.group;
  if (behindSince === undefined || (peerEpoch !== undefined && peerEpoch > epoch)) return;
  update(tx, "repair", { behindSince: undefined });
  emit(tx, { kind: "caughtUp", from: behindSince, epoch });
}
