import { entriesWhere } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { ownOpenVotes } from "./open-votes.js";
import { abandonProposal } from "./propose.js";

/**
 * Deletes votes that the consensus plug-in has evicted, so that its bound also limits timers, emergencies and
 * signatures.
 */
export function pruneVotes(tx: ActiveTransaction): void {
  if (tx.state.votes.open.size === 0) return;
  const { consensus } = tx.env.plugins;
  const remembered = new Set(
    consensus.proposals(tx.state.votes.sessions).map(({ proposalId }) => proposalId),
  );
  for (const { proposalId } of ownOpenVotes(tx)) {
    if (!remembered.has(proposalId)) abandonProposal(tx, proposalId, "displaced");
  }
  const { open } = tx.state.votes;
  const kept = entriesWhere(open, (proposalId) => remembered.has(proposalId));
  if (kept !== open) update(tx, "votes", { open: kept });
}
