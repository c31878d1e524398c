import type { ActiveTransaction } from "../model/transaction.js";
import { isUnconfirmed } from "./own-height.js";
import { leftBehindAtMs } from "./left-behind.js";

/**
 * Where this member stands among the others; of several, the first:
 *
 * - `catchingUp`: after a start or a pause, or behind the others. It casts no default vote, decides no vote, sends no
 *   candidate and merges no commit: it may have missed those of the others.
 * - `unconfirmed`: no peer has confirmed its next generation since a start. It sends no chat, and closes no epoch.
 * - `leftBehind`: it cannot follow the others any more, and replaces its leaf.
 * - `current`: it is in the epoch of the others, as far as it knows.
 */
export type Standing = "current" | "catchingUp" | "unconfirmed" | "leftBehind";

export function standingOf(tx: ActiveTransaction): Standing {
  if (tx.state.repair.catchUp !== undefined) return "catchingUp";
  if (isUnconfirmed(tx)) return "unconfirmed";
  const leftBehindMs = leftBehindAtMs(tx);
  return leftBehindMs !== undefined && leftBehindMs <= tx.env.nowMs ? "leftBehind" : "current";
}
