import { LIMITS } from "../../src/model/limits.js";
import type { Member } from "./world.js";

/** Collections of a member that exceed their bounds; empty if none does. */
export function overfull({ state, plugins }: Member): string[] {
  if (state.group === undefined) return [];
  const earlyBytes = state.inbound.buffered.reduce((sum, { packet }) => sum + packet.payload.length, 0);
  const { repair } = state;
  const loggedBytes = repair.log.reduce((sum, { payload }) => sum + payload.length, 0);
  const times = state.config.archive ? LIMITS.archiveFactor : 1;
  const sizes: readonly (readonly [string, number, number])[] = [
    ["resolved", state.votes.resolved.length, LIMITS.resolved],
    ["committed", state.commit.merged.length, LIMITS.committed],
    ["pendingUpdates", state.changes.pending.size, LIMITS.pendingRemovals + LIMITS.pendingInvitations],
    ["refused joiners", state.refusals.joiners.size, LIMITS.refusedJoiners],
    ["bans", state.bans.members.size, LIMITS.bans],
    ["knownInvitations", state.invitations.known.size, LIMITS.knownInvitations],
    ["companions", state.branches.companions.length, LIMITS.companions],
    ["bufferedPackets", state.inbound.buffered.length, LIMITS.bufferedPackets],
    ["bufferedVotes", state.votes.bufferedVotes.length, LIMITS.bufferedVotes],
    ["bufferedProposals", state.votes.bufferedProposals.length, LIMITS.bufferedProposals],
    ["observedProposals", state.votes.observed.size, LIMITS.observedProposals],
    ["earlyPacketBytes", earlyBytes, LIMITS.bufferedPacketBytes],
    ["open votes", state.votes.open.size, plugins.consensus.maxSessions],
    ["outbox", state.outbox.entries.length, LIMITS.outbox],
    ["queuedMessages", state.chat.queued.length, LIMITS.queuedMessages],
    ["proposals", plugins.consensus.proposals(state.votes.sessions).length, plugins.consensus.maxSessions],
    ["repair epochs", repair.epochs.length, times * LIMITS.repairEpochs],
    ["logged packets", repair.log.length, times * LIMITS.loggedPackets],
    ["logged bytes", loggedBytes, times * LIMITS.loggedBytes],
    ["voids", repair.voids.length, LIMITS.repairVoids],
    ["requests", repair.requests.length, 2 + state.branches.forks.size],
    ["forks", state.branches.forks.size, LIMITS.forks],
    ["equivocations", state.evidence.equivocations.length, LIMITS.equivocations],
    ["left commits", state.branches.left.length, LIMITS.leftCommits],
    ["sent messages", state.chat.sent.length, LIMITS.sentMessages],
    ["claimed names", state.chat.names.size, LIMITS.claimedNames],
    ["verified members", state.identities.verified.length, LIMITS.verifiedMembers],
    ["shown messages", state.chat.shown.length, LIMITS.shownMessages],
    ["answers", repair.answers.length, LIMITS.repairAnswers],
    ["quotas", repair.quotas.length, LIMITS.repairQuotas],
    ["candidates", state.commit.candidates.size, maxCandidates(state.group.members.length)],
  ];
  return sizes.flatMap(([name, size, limit]) => (size > limit ? [`${name}: ${size} of ${limit}`] : []));
}

/** Most candidates: some of each member, and every chosen one. */
function maxCandidates(members: number): number {
  return (LIMITS.candidatesPerSteward + LIMITS.choicesPerMember) * members;
}
