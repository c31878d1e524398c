import { repairsGaps } from "../model/abilities.js";
import { LIMITS } from "../model/limits.js";
import type { RepairEpoch } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { forgetHeard } from "../presence/index.js";
import { enterEpoch } from "../standing/index.js";
import { deriveRepairEpoch } from "./envelope.js";
import { keptTimes } from "./log.js";
import { startReports } from "./reports.js";
import { giveUp, requestAll, requestGaps } from "./requests.js";

/**
 * Follows the group into its epoch: derives the repair key, and asks for packets of the epoch before that are missing.
 *
 * @returns the current epoch; `undefined` in a mode without repair.
 */
export async function followRepairEpoch(tx: ActiveTransaction): Promise<RepairEpoch | undefined> {
  if (!repairsGaps(tx)) return undefined;
  const { epoch } = tx.state.group;
  const former = tx.state.repair.epochs.at(-1);
  if (former?.epoch === epoch) return former;
  const entered = await deriveRepairEpoch(tx);
  const { nowMs } = tx.env;
  const { repair } = tx.state;
  const past = repair.epochs
    .map((known) => (known.leftAtMs === undefined ? { ...known, leftAtMs: nowMs } : known))
    .filter(({ leftAtMs = nowMs }) => nowMs - leftAtMs <= LIMITS.repairAgeMs);
  const isFork = (known: { readonly epoch: bigint }): boolean => tx.state.branches.forks.has(known.epoch);
  const latest = past.slice(1 - keptTimes(tx) * LIMITS.repairEpochs);
  const epochs = [...past.filter((known) => latest.includes(known) || isFork(known)), entered];
  const isKept = (of: bigint): boolean => epochs.some((known) => known.epoch === of);
  update(tx, "repair", {
    epochs,
    log: repair.log.filter((entry) => isKept(entry.epoch)),
    voids: repair.voids.filter((each) => each.epoch >= epoch - 1n),
    departed: repair.departed.filter(({ leftAtMs = nowMs }) => nowMs - leftAtMs <= LIMITS.forkAgeMs),
    delivered: 0,
    // Of the epoch before, only messages are missed: its candidates and choices have done their work.
    requests: repair.requests.flatMap((request) => {
      // A fork of this very merge is final soon, as a rule. The packet that could not be read was one of the next epoch.
      const isNew = request.epoch === former?.epoch && request.tries === 0;
      if (isFork(request) && !isNew) return [request];
      // After a start, this step has opened a welcome, and asks for own packets of an earlier life in the epoch.
      const isOpen = request.isOpen && request.epoch === epoch && repair.unconfirmed !== undefined;
      return request.epoch >= epoch - 1n ? [{ ...request, isOpen }] : [];
    }),
    unreadableAfterMs: nowMs,
  });
  forgetHeard(tx);
  startReports(tx);
  const isAsked = enterEpoch(tx, former?.epoch);
  if (former !== undefined) requestGaps(tx, former);
  if (isAsked) requestAll(tx, 0);
  return entered;
}

/** Emits `missed` for packets of the epoch before the current one, which can no longer be opened after a merge. */
export function closePastEpoch(tx: ActiveTransaction): void {
  const past = tx.state.repair.epochs.at(-2);
  if (past !== undefined) giveUp(tx, past);
}
