import type { GroupPhase } from "../model/phase.js";
import type { PhaseReason } from "../model/traced-decision.js";
import { emit, trace, update, updateActive, type ActiveTransaction } from "../model/transaction.js";

/** Moves to a phase and emits `phaseChanged`. `anchoredAtMs` starts the phase's timer; omit it to stop the timer. */
export function enterPhase(
  tx: ActiveTransaction,
  phase: GroupPhase,
  reason: PhaseReason,
  anchoredAtMs?: number,
): void {
  const from = tx.state.phase;
  updateActive(tx, { phase });
  update(tx, "commit", { anchoredAtMs });
  if (from === phase) return;
  trace(tx, { kind: "phase", from, to: phase, reason });
  emit(tx, { kind: "phaseChanged", phase });
}

/** Works again, if this member waited for new stewards. */
export function endReelection(tx: ActiveTransaction, reason: "stewards-elected" | "emergency-decided"): void {
  if (tx.state.phase === "reelection") enterPhase(tx, "working", reason);
}
