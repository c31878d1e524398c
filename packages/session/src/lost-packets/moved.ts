import { LIMITS } from "../model/limits.js";
import type { DepartedEpoch, RepairEpoch } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { transmit } from "./transmit.js";

/** Minimum interval in ms between two answers that this member has left a branch. */
const TOLD_AGAIN_MS = 30_000;

/**
 * Tells the other members of a branch that this one leaves it, and keeps the keys to tell it again. Those that joined on
 * the branch cannot know of another one.
 *
 * @param left - epochs of the branch, without those that it shares with the other one
 * @returns all epochs to tell it in
 */
export async function departFrom(
  tx: ActiveTransaction,
  left: readonly RepairEpoch[],
): Promise<readonly DepartedEpoch[]> {
  const current = left.at(-1);
  if (current !== undefined) await transmit(tx, current, { kind: "moved" });
  const { nowMs } = tx.env;
  const departed = left.map((epoch) => ({
    ...epoch,
    leftAtMs: nowMs,
    toldAtMs: epoch === current ? nowMs : -Infinity,
  }));
  return [...tx.state.repair.departed, ...departed].slice(-LIMITS.departedEpochs);
}

/** Answers a report of a member of a branch that this one has left. */
export async function tellMoved(tx: ActiveTransaction, { keyId }: RepairEpoch): Promise<void> {
  const { departed } = tx.state.repair;
  const epoch = departed.find((each) => each.keyId === keyId);
  if (epoch === undefined || tx.env.nowMs - epoch.toldAtMs < TOLD_AGAIN_MS) return;
  update(tx, "repair", {
    departed: departed.map((each) => (each === epoch ? { ...each, toldAtMs: tx.env.nowMs } : each)),
  });
  await transmit(tx, epoch, { kind: "moved" });
}
