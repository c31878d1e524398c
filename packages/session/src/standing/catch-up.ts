import { repairsGaps } from "../model/abilities.js";
import { longestAnswerDelayMs } from "../model/answer-delay.js";
import { NO_FACTS, type FactOf, type Facts } from "../model/fact.js";
import { PATIENCE_MS } from "../model/patience.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import { carryUnconfirmed, isUnconfirmed, noteConfirmed, noteServed, noteUnconfirmed } from "./own-height.js";

/** Time in ms for which an answer may be on its way. */
const ON_THE_WAY_MS = 1_000;

/** Starts to catch up, unless there is no other member to ask. */
function beginCatchUp(tx: ActiveTransaction): boolean {
  if (!repairsGaps(tx) || tx.state.group.members.length === 1) return false;
  update(tx, "repair", { catchUp: { endsAtMs: tx.env.nowMs + PATIENCE_MS, isAnswered: false } });
  return true;
}

/** Starts to catch up with a state that may be an old copy, unless there is no other member to ask. */
export function beginUnconfirmed(tx: ActiveTransaction): boolean {
  if (!beginCatchUp(tx)) return false;
  noteUnconfirmed(tx);
  return true;
}

/**
 * Follows the group into its epoch.
 *
 * @param former - the epoch before; `undefined` if this member was in none.
 * @returns whether a member that has answered is in this epoch or a later one. Then an earlier life of this member may
 *   have sent packets in it, for which it asks.
 */
export function enterEpoch(tx: ActiveTransaction, former: bigint | undefined): boolean {
  const { epoch } = tx.state.group;
  const { peerEpoch, behindSince } = tx.state.repair;
  update(tx, "repair", {
    ...{ servedBy: undefined, servedAtMs: undefined, aloneSinceMs: undefined },
    ...{ moved: [], lostSinceMs: undefined },
  });
  carryUnconfirmed(tx);
  if (peerEpoch === undefined || peerEpoch < epoch) return false;
  if (former !== undefined && behindSince === undefined) update(tx, "repair", { behindSince: former });
  if (isUnconfirmed(tx)) beginUnconfirmed(tx);
  else if (peerEpoch > epoch) beginCatchUp(tx);
  return true;
}

/** Notes an answer about the current epoch. Only after a complete one do the others have no more packets of it. */
export function noteAnswer(
  tx: ActiveTransaction,
  { position, peerEpoch, isComplete }: FactOf<"requestAnswered">,
): Facts {
  // The latest claim counts, so that honest members correct a false one.
  if (peerEpoch !== tx.state.repair.peerEpoch) update(tx, "repair", { peerEpoch });
  if (!isComplete) return NO_FACTS;
  const facts = noteCompleteAnswer(tx);
  if (peerEpoch > tx.state.group.epoch)
    update(tx, "repair", {
      servedBy: position,
      servedAtMs: tx.state.repair.servedAtMs ?? tx.env.nowMs,
    });
  return facts;
}

/**
 * Notes a complete answer about the current epoch. While its height is unconfirmed, this member waits for the answers
 * of others that have more of its packets: a member that withholds packets could make it reuse their keys. If it has
 * waited in vain before, it catches up again meanwhile.
 */
function noteCompleteAnswer(tx: ActiveTransaction): Facts {
  if (!isUnconfirmed(tx)) {
    endCatchUp(tx);
    return noteCaughtUp(tx);
  }
  const { catchUp } = tx.state.repair;
  if (catchUp?.isAnswered === true) return NO_FACTS;
  const answersDueMs = longestAnswerDelayMs(tx.state.group.members.length) + ON_THE_WAY_MS;
  const endsAtMs = Math.min(catchUp?.endsAtMs ?? Infinity, tx.env.nowMs + answersDueMs);
  update(tx, "repair", { catchUp: { endsAtMs, isAnswered: true } });
  return NO_FACTS;
}

/**
 * Ends the wait for answers. If the others have left this epoch, this member only merges their commit. Otherwise its
 * height is confirmed.
 */
function noteHeight(tx: ActiveTransaction): Facts {
  const { peerEpoch } = tx.state.repair;
  if (peerEpoch !== undefined && peerEpoch > tx.state.group.epoch) {
    noteServed(tx);
    return NO_FACTS;
  }
  if (!isUnconfirmed(tx)) return NO_FACTS;
  noteConfirmed(tx);
  return [{ kind: "heightConfirmed" }];
}

/** Monotonic time at which catching up ends. */
export function catchUpDueMs({ state }: ActiveTransaction): number | undefined {
  return state.repair.catchUp?.endsAtMs;
}

/** Ends catching up once its time is over. */
export function runCatchUp(tx: ActiveTransaction): Facts {
  const { catchUp } = tx.state.repair;
  if (catchUp === undefined || catchUp.endsAtMs > tx.env.nowMs) return NO_FACTS;
  endCatchUp(tx);
  return catchUp.isAnswered ? [...noteHeight(tx), ...noteCaughtUp(tx)] : NO_FACTS;
}

/** Ends catching up: this member acts again. */
function endCatchUp(tx: ActiveTransaction): void {
  if (tx.state.repair.catchUp !== undefined) update(tx, "repair", { catchUp: undefined });
}

/** Emits `caughtUp` once this member has merged the commits that it missed and is in the epoch of the others. */
function noteCaughtUp(tx: ActiveTransaction): Facts {
  const { behindSince, peerEpoch } = tx.state.repair;
  const { epoch } = tx.state.group;
  if (behindSince === undefined || (peerEpoch !== undefined && peerEpoch > epoch)) return NO_FACTS;
  update(tx, "repair", { behindSince: undefined });
  emit(tx, { kind: "caughtUp", from: behindSince, epoch });
  return [{ kind: "caughtUp", from: behindSince }];
}
