import { bytesToHex } from "@demls/wire/core";
import { hexBytes } from "../model/hex.js";
import { LIMITS } from "../model/limits.js";
import type { RepairEpoch } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { ownVoids } from "./log.js";
import { bitmapOf } from "./progress.js";
import { progressOf } from "./progress-of.js";
import { transmit } from "./transmit.js";
import {
  LONGEST_IN_SELECTION_MS,
  LONGEST_MS,
  noteConsistent,
  resetTrickle,
  runTrickle,
  startTrickle,
} from "./trickle.js";
import { ownPosition } from "../model/roster.js";

const NONCE_BYTES = 8;

/** Time in ms after a commit in which a report on the epoch before goes with the one on the current epoch. */
const FIRST_REPORT_MS = 2_000;

/**
 * Publishes a report of the packets of an epoch that this member has.
 *
 * @param asks - whether the other members answer with the packets that are missing.
 * @returns the report's nonce in hex; `undefined` for an epoch whose messages can no longer be opened.
 */
export async function sendReport(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  asks: boolean,
): Promise<string | undefined> {
  const progress = progressOf(tx, repairEpoch);
  if (progress === undefined) return undefined;
  const nonce = tx.env.random.bytes(NONCE_BYTES);
  const own = ownPosition(tx, repairEpoch);
  await transmit(tx, repairEpoch, {
    kind: "progress",
    next: progress.next,
    // The rest follows in later reports.
    missing: progress.missing.slice(0, LIMITS.repairRanges),
    candidates: progress.candidates.slice(-LIMITS.repairCandidates).map(hexBytes),
    voids: ownVoids(tx, repairEpoch.epoch, own, progress.next[own] ?? 0),
    asks,
    nonce,
    timestamp: tx.env.nowSeconds,
    chosen: progress.chosen.slice(-LIMITS.repairCandidates).map(({ commit, positions }) => ({
      commit: hexBytes(commit),
      choosers: bitmapOf(positions),
    })),
  });
  return bytesToHex(nonce);
}

/** Sends the report that is due, unless enough equal ones were heard. */
export async function runReports(tx: ActiveTransaction, current: RepairEpoch): Promise<void> {
  const { trickle } = tx.state.repair;
  if (trickle === undefined) return;
  const longestMs = tx.state.phase === "selection" ? LONGEST_IN_SELECTION_MS : LONGEST_MS;
  const { timer, sends } = runTrickle(trickle, tx.env.nowMs, tx.env.random, longestMs);
  if (timer !== trickle) update(tx, "repair", { trickle: timer });
  if (!sends) return;
  await sendReport(tx, current, false);
  // After the last messages of an epoch, no later one shows that they are missing.
  const past = tx.state.repair.epochs.at(-2);
  if (past === undefined || past.roster.length === 1) return;
  if (tx.env.nowMs - (past.leftAtMs ?? -Infinity) <= FIRST_REPORT_MS) await sendReport(tx, past, false);
}

/** Makes reports frequent again: this member or another lacks a packet, or a vote or commit is under way. */
export function hastenReports(tx: ActiveTransaction): void {
  const { trickle } = tx.state.repair;
  if (trickle === undefined) return;
  const hastened = resetTrickle(trickle, tx.env.nowMs, tx.env.random);
  if (hastened !== trickle) update(tx, "repair", { trickle: hastened });
}

/** Counts a report that equals this member's. */
export function noteEqualReport(tx: ActiveTransaction): void {
  const { trickle } = tx.state.repair;
  if (trickle !== undefined) update(tx, "repair", { trickle: noteConsistent(trickle) });
}

/** Starts the reports of an epoch, or stops them while this member is alone. */
export function startReports(tx: ActiveTransaction): void {
  const isAlone = tx.state.group.members.length === 1;
  update(tx, "repair", { trickle: isAlone ? undefined : startTrickle(tx.env.nowMs, tx.env.random) });
}
