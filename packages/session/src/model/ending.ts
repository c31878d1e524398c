import type { EndReason } from "./event.js";
import { trace, emit, update, type Transaction } from "./transaction.js";

/**
 * Ends the conversation for this member: whatever waited is answered, and nothing is left that could
 * wake it or hold a secret. `leaving` is the last event.
 */
export function endConversation(tx: Transaction, reason: EndReason): void {
  for (const { ticket } of tx.state.queuedMessages) tx.effects.push({ kind: "unsent", ticket });
  for (const { sequence } of tx.state.outbox) {
    tx.effects.push({ kind: "leftOutbox", sequence, published: false });
  }
  trace(tx, { kind: "phase", from: tx.state.phase, to: "ended", reason });
  update(tx, {
    phase: "ended",
    endReason: reason,
    phaseAnchorMs: undefined,
    group: undefined,
    consensus: tx.env.plugins.consensus.empty(),
    recovery: false,
    approved: [],
    ownProposals: new Map(),
    electorates: new Map(),
    activeEmergencies: new Set(),
    expectedElections: new Set(),
    scoreRemovals: new Set(),
    rejectedRemovals: new Map(),
    pendingUpdates: new Map(),
    observedProposals: new Map(),
    urgentTarget: undefined,
    candidates: new Map(),
    defaultVotes: new Map(),
    voteDeadlines: new Map(),
    settlingElsewhereMs: new Map(),
    signatures: new Map(),
    leaveRequested: false,
    leaveDueMs: undefined,
    outbox: [],
    electionDueSinceMs: undefined,
    epochVotesDueMs: undefined,
    queuedMessages: [],
    bufferedPackets: [],
    bufferedVotes: [],
    bufferedProposals: [],
    provisionalSync: undefined,
  });
  emit(tx, { kind: "leaving", reason });
}
