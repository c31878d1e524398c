import { LIMITS } from "../../src/model/limits.js";
import type { Member } from "./world.js";

/** Which of a member's collections hold more than they may; empty where none does. */
export function overfull({ state, plugins }: Member): string[] {
  const earlyBytes = state.bufferedPackets.reduce((sum, { packet }) => sum + packet.payload.length, 0);
  const sizes: readonly (readonly [string, number, number])[] = [
    ["resolved", state.resolved.length, LIMITS.resolved],
    ["committed", state.committed.length, LIMITS.committed],
    ["pendingUpdates", state.pendingUpdates.size, LIMITS.pendingRemovals + LIMITS.pendingInvitations],
    ["bufferedPackets", state.bufferedPackets.length, LIMITS.bufferedPackets],
    ["bufferedVotes", state.bufferedVotes.length, LIMITS.bufferedVotes],
    ["bufferedProposals", state.bufferedProposals.length, LIMITS.bufferedProposals],
    ["observedProposals", state.observedProposals.size, LIMITS.observedProposals],
    ["earlyPacketBytes", earlyBytes, LIMITS.bufferedPacketBytes],
    ["signatures", state.signatures.size, plugins.consensus.maxSessions],
    ["settlingElsewhere", state.settlingElsewhereMs.size, LIMITS.resolved],
    ["scoreRemovals", state.scoreRemovals.size, plugins.consensus.maxSessions],
    ["outbox", state.outbox.length, LIMITS.outbox],
    ["queuedMessages", state.queuedMessages.length, LIMITS.queuedMessages],
    ["proposals", plugins.consensus.proposals(state.consensus).length, plugins.consensus.maxSessions],
    ["defaultVotes", state.defaultVotes.size, plugins.consensus.maxSessions],
    ["voteDeadlines", state.voteDeadlines.size, plugins.consensus.maxSessions],
    ["candidates", state.candidates.size, state.group?.members.length ?? 0],
  ];
  return sizes.flatMap(([name, size, limit]) => (size > limit ? [`${name}: ${size} of ${limit}`] : []));
}
