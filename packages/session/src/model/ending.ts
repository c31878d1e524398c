import type { EndReason } from "./phase.js";
import { ended, isActive } from "./state.js";
import { emit, trace, type Transaction } from "./transaction.js";

/**
 * Ends the conversation for this member: answers pending calls, cancels timers and removes secrets from the state.
 * `leaving` is the last event.
 */
export function endConversation(tx: Transaction, reason: EndReason): void {
  const { state } = tx;
  if (state.phase === "ended") return;
  const queued = isActive(state) ? state.chat.queued : [];
  for (const { ticket } of queued) tx.effects.push({ kind: "unsent", ticket });
  for (const { sequence } of state.outbox.entries) {
    tx.effects.push({ kind: "leftOutbox", sequence, published: false });
  }
  trace(tx, { kind: "phase", from: state.phase, to: "ended", reason });
  tx.state = ended(state, reason, tx.env.nowMs);
  emit(tx, { kind: "leaving", reason });
}
