import { LIMITS } from "../../src/limits.js";
import type { Member } from "../world.js";

/** Which of a member's collections hold more than they may; empty where none does. */
export function overfull({ state, plugins }: Member): string[] {
  const earlyBytes = state.earlyPackets.reduce((sum, { packet }) => sum + packet.payload.length, 0);
  const sizes: readonly (readonly [string, number, number])[] = [
    ["resolved", state.resolved.length, LIMITS.resolved],
    ["committed", state.committed.length, LIMITS.committed],
    ["pendingUpdates", state.pendingUpdates.size, LIMITS.pendingRemovals + LIMITS.pendingInvitations],
    ["earlyPackets", state.earlyPackets.length, LIMITS.earlyPackets],
    ["earlyVotes", state.earlyVotes.length, LIMITS.earlyVotes],
    ["earlyProposals", state.earlyProposals.length, LIMITS.earlyProposals],
    ["heardProposals", state.heardProposals.size, LIMITS.heardProposals],
    ["earlyPacketBytes", earlyBytes, LIMITS.earlyPacketBytes],
    ["signatures", state.signatures.size, plugins.consensus.maxSessions],
    ["settlingElsewhere", state.settlingElsewhereMs.size, LIMITS.resolved],
    ["scoreRemovals", state.scoreRemovals.size, plugins.consensus.maxSessions],
    ["outbox", state.outbox.length, LIMITS.outbox],
    ["heldMessages", state.heldMessages.length, LIMITS.heldMessages],
    ["proposals", plugins.consensus.proposals(state.consensus).length, plugins.consensus.maxSessions],
    ["autoVotes", state.autoVotes.size, plugins.consensus.maxSessions],
    ["voteDeadlines", state.voteDeadlines.size, plugins.consensus.maxSessions],
    ["candidates", state.candidates.size, state.group?.members.length ?? 0],
  ];
  return sizes.flatMap(([name, size, limit]) => (size > limit ? [`${name}: ${size} of ${limit}`] : []));
}
