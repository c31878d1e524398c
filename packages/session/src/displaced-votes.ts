import { entriesWhere, membersWhere } from "./persistent-collections.js";
import { abandonProposal } from "./proposing.js";
import { update, type Turn } from "./turn.js";

/**
 * Forgets what waits for votes that are over: decided, or displaced by newer ones, of which the algorithm
 * remembers only so many. An emergency that nobody can decide any more must not hold up everything else.
 *
 * So there are never more timers, emergencies and signatures than proposals that the algorithm remembers.
 */
export function forgetVotesThatAreOver(turn: Turn): void {
  const { consensus } = turn.env.plugins;
  const remembered = new Set(consensus.proposals(turn.state.consensus).map(({ proposalId }) => proposalId));
  for (const [proposalId, request] of turn.state.ownProposals) {
    if (!remembered.has(proposalId)) abandonProposal(turn, proposalId, request, "displaced");
  }
  const {
    electorates,
    autoVotes,
    voteDeadlines,
    settlingElsewhereMs,
    activeEmergencies,
    expectedElections,
    signatures,
    resolved,
  } = turn.state;
  const isOpen = (proposalId: number): boolean =>
    remembered.has(proposalId) && !resolved.includes(proposalId);
  const open = {
    electorates: entriesWhere(electorates, (proposalId) => remembered.has(proposalId)),
    autoVotes: entriesWhere(autoVotes, isOpen),
    voteDeadlines: entriesWhere(voteDeadlines, isOpen),
    settlingElsewhereMs: entriesWhere(settlingElsewhereMs, (proposalId) => remembered.has(proposalId)),
    activeEmergencies: membersWhere(activeEmergencies, isOpen),
    expectedElections: membersWhere(expectedElections, isOpen),
    // Decided here, it may still be open at members that have missed a vote: theirs comes late, not never.
    signatures: entriesWhere(signatures, (_requestId, { vote }) => remembered.has(vote.proposalId)),
  };
  const isChanged =
    open.electorates !== electorates ||
    open.autoVotes !== autoVotes ||
    open.voteDeadlines !== voteDeadlines ||
    open.settlingElsewhereMs !== settlingElsewhereMs ||
    open.activeEmergencies !== activeEmergencies ||
    open.expectedElections !== expectedElections ||
    open.signatures !== signatures;
  if (isChanged) update(turn, open);
}
