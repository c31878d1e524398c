import { entriesWhere, membersWhere } from "./persistent-collections.js";
import { abandonProposal } from "./proposing.js";
import { update, type Turn } from "./turn.js";

/**
 * Forgets what waits for votes that are over: decided, or displaced by newer ones, of which the algorithm
 * remembers only so many. An emergency that nobody can decide any more must not hold up everything else, and
 * a signature that comes now would be of no use: whoever needs this member's vote has the others' too.
 *
 * So there are never more timers, emergencies and signatures than proposals that the algorithm remembers.
 */
export function forgetVotesThatAreOver(turn: Turn): void {
  const { consensus } = turn.env.plugins;
  const remembered = new Set(consensus.proposals(turn.state.consensus).map(({ proposalId }) => proposalId));
  for (const [proposalId, request] of turn.state.ownProposals) {
    if (!remembered.has(proposalId)) abandonProposal(turn, proposalId, request);
  }
  const { autoVotes, voteDeadlines, activeEmergencies, signatures, resolved } = turn.state;
  const isOpen = (proposalId: number): boolean =>
    remembered.has(proposalId) && !resolved.includes(proposalId);
  const open = {
    autoVotes: entriesWhere(autoVotes, isOpen),
    voteDeadlines: entriesWhere(voteDeadlines, isOpen),
    activeEmergencies: membersWhere(activeEmergencies, isOpen),
    signatures: entriesWhere(signatures, (_requestId, { vote }) => isOpen(vote.proposalId)),
  };
  const isChanged =
    open.autoVotes !== autoVotes ||
    open.voteDeadlines !== voteDeadlines ||
    open.activeEmergencies !== activeEmergencies ||
    open.signatures !== signatures;
  if (isChanged) update(turn, open);
}
