import type { RepairEpoch } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Precision of the times in ms: fewer records are written. A member whose leaf is to be replaced is noted exactly. */
const PRECISION_MS = 10_000;

/** Notes that a packet of a member of the current epoch has arrived. */
export function noteHeard(tx: ActiveTransaction, { epoch, roster }: RepairEpoch, position: number): void {
  if (epoch !== tx.state.group.epoch) return;
  const { heard, aloneSinceMs, moved } = tx.state.repair;
  if (aloneSinceMs !== undefined) update(tx, "repair", { aloneSinceMs: undefined });
  // It is there, whatever it has said.
  if (moved.includes(position))
    update(tx, "repair", { moved: moved.filter((each) => each !== position), lostSinceMs: undefined });
  const member = roster[position]?.member;
  const atMs = tx.env.nowMs;
  const known = heard.find((entry) => entry.position === position);
  const isAwaited = member !== undefined && tx.state.rejoin.requested.has(member);
  if (known !== undefined && atMs - known.atMs < PRECISION_MS && !isAwaited) return;
  const others = heard.filter((entry) => entry !== known);
  update(tx, "repair", { heard: [...others, { position, atMs }] });
}
