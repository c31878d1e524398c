import { LIMITS } from "../model/limits.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { beginCatchUp } from "./catch-up.js";
import { deriveRepairEpoch } from "./envelope.js";
import { startReports } from "./reports.js";
import { giveUp, requestAll, requestGaps } from "./requests.js";

/** Follows the group into its epoch: derives the repair key, and asks for packets of the epoch before that are missing. */
export async function followRepairEpoch(tx: ActiveTransaction): Promise<void> {
  if (!policyOf(tx).repairsGaps) return;
  const { epoch } = tx.state.group;
  const former = tx.state.repair.epochs.at(-1);
  if (former?.epoch === epoch) return;
  const entered = await deriveRepairEpoch(tx);
  const { nowMs } = tx.env;
  const { repair } = tx.state;
  const past = repair.epochs
    .map((known) => (known.leftAtMs === undefined ? { ...known, leftAtMs: nowMs } : known))
    .filter(({ leftAtMs = nowMs }) => nowMs - leftAtMs <= LIMITS.repairAgeMs)
    .slice(1 - LIMITS.repairEpochs);
  const epochs = [...past, entered];
  const isKept = (of: bigint): boolean => epochs.some((known) => known.epoch === of);
  update(tx, "repair", {
    epochs,
    log: repair.log.filter((entry) => isKept(entry.epoch)),
    voids: repair.voids.filter((each) => each.epoch >= epoch - 1n),
    heard: [],
    servedBy: undefined,
    servedAtMs: undefined,
    aloneSinceMs: undefined,
    // Of the epoch before, only messages are missed: its candidates and choices have done their work.
    requests: repair.requests
      .filter((request) => request.epoch >= epoch - 1n)
      .map((request) => ({ ...request, isOpen: false })),
    unreadableAfterMs: nowMs,
  });
  startReports(tx);
  if (former !== undefined) requestGaps(tx, former);
  const { peerEpoch, behindSince } = repair;
  if (peerEpoch === undefined || peerEpoch < epoch) return;
  if (former !== undefined && behindSince === undefined) update(tx, "repair", { behindSince: former.epoch });
  // A member that has answered is in this epoch already, or in a later one.
  if (peerEpoch > epoch) beginCatchUp(tx);
  requestAll(tx, 0);
}

/** Emits `missed` for packets of the epoch before the current one, which can no longer be opened after a merge. */
export function closePastEpoch(tx: ActiveTransaction): void {
  const past = tx.state.repair.epochs.at(-2);
  if (past !== undefined) giveUp(tx, past);
}
