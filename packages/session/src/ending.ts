import type { EndReason } from "./event.js";
import { decide, emit, update, type Turn } from "./turn.js";

/**
 * Ends the conversation for this member: whatever waited is answered, and nothing is left that could
 * wake it or hold a secret. `leaving` is the last event.
 */
export function endConversation(turn: Turn, reason: EndReason): void {
  for (const { ticket } of turn.state.heldMessages) turn.effects.push({ kind: "unsent", ticket });
  for (const { sequence } of turn.state.outbox) {
    turn.effects.push({ kind: "left-outbox", sequence, published: false });
  }
  decide(turn, { kind: "phase", from: turn.state.phase, to: "ended", reason });
  update(turn, {
    phase: "ended",
    endReason: reason,
    phaseAnchorMs: undefined,
    group: undefined,
    consensus: turn.env.plugins.consensus.empty(),
    recovery: false,
    approved: [],
    ownProposals: new Map(),
    electorates: new Map(),
    activeEmergencies: new Set(),
    expectedElections: new Set(),
    scoreRemovals: new Set(),
    refusedRemovals: new Map(),
    pendingUpdates: new Map(),
    heardProposals: new Map(),
    urgentTarget: undefined,
    candidates: new Map(),
    autoVotes: new Map(),
    voteDeadlines: new Map(),
    settlingElsewhereMs: new Map(),
    signatures: new Map(),
    leaveRequested: false,
    leaveDueMs: undefined,
    outbox: [],
    electionDueSinceMs: undefined,
    epochVotesDueMs: undefined,
    heldMessages: [],
    earlyPackets: [],
    earlyVotes: [],
    earlyProposals: [],
    provisionalSync: undefined,
  });
  emit(turn, { kind: "leaving", reason });
}
