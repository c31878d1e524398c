import { entriesWhere, membersWhere } from "../model/persistent-collections.js";
import { abandonProposal } from "./propose.js";
import { update, type Transaction } from "../model/transaction.js";

/**
 * Forgets what waits for votes that are over: decided, or displaced by newer ones, of which the algorithm
 * remembers only so many. An emergency that nobody can decide any more must not hold up everything else.
 *
 * So there are never more timers, emergencies and signatures than proposals that the algorithm remembers.
 */
export function pruneVotes(tx: Transaction): void {
  const { consensus } = tx.env.plugins;
  const remembered = new Set(consensus.proposals(tx.state.consensus).map(({ proposalId }) => proposalId));
  for (const [proposalId, request] of tx.state.ownProposals) {
    if (!remembered.has(proposalId)) abandonProposal(tx, proposalId, request, "displaced");
  }
  const {
    electorates,
    defaultVotes,
    voteDeadlines,
    settlingElsewhereMs,
    activeEmergencies,
    expectedElections,
    signatures,
    resolved,
  } = tx.state;
  const isOpen = (proposalId: number): boolean =>
    remembered.has(proposalId) && !resolved.includes(proposalId);
  const open = {
    electorates: entriesWhere(electorates, (proposalId) => remembered.has(proposalId)),
    defaultVotes: entriesWhere(defaultVotes, isOpen),
    voteDeadlines: entriesWhere(voteDeadlines, isOpen),
    settlingElsewhereMs: entriesWhere(settlingElsewhereMs, (proposalId) => remembered.has(proposalId)),
    activeEmergencies: membersWhere(activeEmergencies, isOpen),
    expectedElections: membersWhere(expectedElections, isOpen),
    // Decided here, it may still be open at members that have missed a vote: theirs comes late, not never.
    signatures: entriesWhere(signatures, (_requestId, { vote }) => remembered.has(vote.proposalId)),
  };
  const isChanged =
    open.electorates !== electorates ||
    open.defaultVotes !== defaultVotes ||
    open.voteDeadlines !== voteDeadlines ||
    open.settlingElsewhereMs !== settlingElsewhereMs ||
    open.activeEmergencies !== activeEmergencies ||
    open.expectedElections !== expectedElections ||
    open.signatures !== signatures;
  if (isChanged) update(tx, open);
}
