import { voteMs } from "./vote-time.js";
import { NO_FACTS, type FactOf, type Facts } from "../model/fact.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { unpublishedProposal } from "../model/unpublished-proposal.js";
import { decideVote } from "./decide-vote.js";
import { updateVote, voteOf } from "./open-votes.js";
import { abandonProposal } from "./propose.js";
import { holdSlot } from "./session-slots.js";

/**
 * Lets the time of an own vote begin when its proposal is published: the others open it then, and it may have waited until
 * somebody was there.
 */
export function countFromPublication(tx: ActiveTransaction, { proposalId }: FactOf<"packetPublished">): void {
  const vote = proposalId === undefined ? undefined : voteOf(tx, proposalId);
  if (proposalId === undefined || vote?.deadlineMs === undefined || vote.result !== undefined) return;
  const deadlineMs = tx.env.nowMs + voteMs(tx, true);
  if (deadlineMs > vote.deadlineMs) updateVote(tx, proposalId, { deadlineMs });
}

/** Decides a vote at its deadline. */
export function decideDueVote(tx: ActiveTransaction, proposalId: number): Facts {
  const { state, env } = tx;
  const vote = voteOf(tx, proposalId);
  if (vote === undefined) return NO_FACTS;
  if (vote.signature?.purpose.kind === "bundledYes") {
    // Peers have not received it, so their silence decides nothing.
    abandonProposal(tx, proposalId, "signature-overdue");
    return NO_FACTS;
  }
  if (unpublishedProposal(tx, proposalId) !== undefined) {
    // Peers have not received it, so their silence decides nothing. It leaves the outbox at the end of its lifetime.
    const laterMs = env.nowMs + voteMs(tx, true);
    updateVote(tx, proposalId, { deadlineMs: laterMs });
    return NO_FACTS;
  }
  const result = env.plugins.consensus.onDeadline(state.votes.sessions, proposalId, env.nowSeconds);
  update(tx, "votes", { sessions: result.state });
  updateVote(tx, proposalId, { deadlineMs: undefined });
  holdSlot(tx, proposalId, vote.own && vote.result === undefined);
  return result.kind === "decided" ? decideVote(tx, result.decision) : NO_FACTS;
}
