import { allowsRejoin } from "../model/abilities.js";
import { ownChoice } from "../model/choices.js";
import { isLeaveReceived, isLeaving } from "../model/leaves.js";
import { PATIENCE_MS } from "../model/patience.js";
import type { ActiveTransaction } from "../model/transaction.js";

/**
 * Inactivity timeouts after which a member replaces its leaf, if the served packets do not lead it to the next epoch.
 */
const SERVED_TIMEOUTS = 3;

/** The same if its branch is lost: it may return to a fork by itself. */
const LOST_TIMEOUTS = 1;

/** The same if all others seem to be in other epochs. */
const ALONE_TIMEOUTS = 5;

/** Least time in ms in each case: twice the time for which a member waits for packets of the epoch before. */
const LEAST_PATIENCE_MS = 2 * PATIENCE_MS;

/**
 * Monotonic time at which this member counts as left behind; `undefined` without a sign of it. Signs: a member of a
 * later epoch has served all its packets; or packets of unknown epochs arrive, and none of this one.
 */
export function leftBehindAtMs(tx: ActiveTransaction): number | undefined {
  const { servedAtMs, aloneSinceMs, lostSinceMs = tx.state.branches.lostSinceMs } = tx.state.repair;
  const { commitInactivityMs } = tx.state.config;
  if (!allowsRejoin(tx)) return undefined;
  const afterMs = (timeouts: number): number => Math.max(timeouts * commitInactivityMs, LEAST_PATIENCE_MS);
  const times = [
    servedAtMs === undefined ? [] : [servedAtMs + afterMs(SERVED_TIMEOUTS)],
    lostSinceMs === undefined ? [] : [lostSinceMs + afterMs(LOST_TIMEOUTS)],
    aloneSinceMs === undefined ? [] : [aloneSinceMs + afterMs(ALONE_TIMEOUTS)],
  ].flat();
  if (times.length === 0 || choosesOwnRemoval(tx)) return undefined;
  // The others carry its leave out, and would take its key package for a new join.
  if (isLeaving(tx) && isLeaveReceived(tx)) return undefined;
  return Math.min(...times);
}

/** Whether this member has chosen a commit that removes it and does not replace its leaf: it does not ask to come back. */
function choosesOwnRemoval(tx: ActiveTransaction): boolean {
  const staged = tx.state.commit.candidates.get(ownChoice(tx) ?? "")?.staged;
  if (staged?.selfRemoved !== true) return false;
  return !staged.actions.some((action) => action.kind === "add" && action.member === tx.env.self);
}
