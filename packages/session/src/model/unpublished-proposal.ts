import type { OutboxEntry } from "./messages.js";
import type { ActiveTransaction } from "./transaction.js";

/** The packet with this member's proposal, if it is not published yet. */
export function unpublishedProposal(
  { state }: ActiveTransaction,
  proposalId: number,
): OutboxEntry | undefined {
  return state.outbox.entries.find((entry) => entry.proposalId === proposalId);
}
