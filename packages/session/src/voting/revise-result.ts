import type { Tally } from "@demls/consensus";
import type { Vote } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { consensusContext } from "./consensus-context.js";
import { decideVote } from "./decide-vote.js";
import { updateVote, voteOf } from "./open-votes.js";

/**
 * Revises the result of a membership change after another member resends a vote that was signed before the deadline.
 * The others counted it; this member had missed it, and decided by silence. A change that is committed is not revised.
 */
export async function reviseResult(tx: ActiveTransaction, late: Vote): Promise<Facts> {
  const { proposalId } = late;
  const { consensus } = tx.env.plugins;
  const open = voteOf(tx, proposalId);
  const before = consensus.tally(tx.state.votes.sessions, proposalId);
  if (open === undefined || before === undefined || !isRevisable(tx, open)) return NO_FACTS;
  if (!isInTime(tx, before, late) || hasVoteOf(before, late)) return NO_FACTS;
  const { proposal } = before;
  const context = consensusContext(tx, proposal.expirationTimestamp - 1n);
  const forgotten = consensus.forget(tx.state.votes.sessions, proposalId);
  const again = await consensus.ingestProposal(forgotten, proposal, context);
  if (again.kind === "rejected") return NO_FACTS;
  const voted = await consensus.ingestVote(again.state, late, context);
  if (voted.kind === "rejected") return NO_FACTS;
  const settled = consensus.onDeadline(voted.state, proposalId, context.nowSeconds);
  update(tx, "votes", { sessions: settled.state });
  if (settled.kind === "rejected" || settled.decision.result === open.result) return NO_FACTS;
  const { changes, votes } = tx.state;
  update(tx, "votes", { resolved: votes.resolved.filter((id) => id !== proposalId) });
  update(tx, "changes", {
    approved: changes.approved.filter((change) => change.proposalId !== proposalId),
  });
  updateVote(tx, proposalId, { result: undefined });
  return decideVote(tx, settled.decision);
}

/** Whether a vote was decided on a membership change that is not committed yet. */
function isRevisable({ state }: ActiveTransaction, { proposalId, request, result }: OpenVote): boolean {
  if (result === undefined || (request.kind !== "add" && request.kind !== "remove")) return false;
  const isQueued = state.changes.approved.some((change) => change.proposalId === proposalId);
  const isMember = state.group.members.includes(request.member);
  return result === "yes" ? isQueued : isMember === (request.kind === "remove");
}

function isInTime(tx: ActiveTransaction, { proposal }: Tally, { timestamp }: Vote): boolean {
  const wholeMs = policyOf(tx).consensusDeadlineMs(tx.state.config, false);
  return Number(timestamp - proposal.timestamp) * 1_000 <= wholeMs;
}

function hasVoteOf({ votes }: Tally, { voteOwner }: Vote): boolean {
  return votes.some((vote) => bytesEqual(vote.voteOwner, voteOwner));
}
