import { voteMs } from "./vote-time.js";
import type { Tally } from "@demls/consensus";
import type { Vote } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import { consensusContext } from "./consensus-context.js";
import { decideVote } from "./decide-vote.js";
import { updateVote, voteOf } from "./open-votes.js";

/**
 * Revises the rejection of a membership change after another member resends a vote that was signed before the deadline.
 * The others counted it; this member had missed it.
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
  const { resolved } = tx.state.votes;
  update(tx, "votes", { resolved: resolved.filter((id) => id !== proposalId) });
  updateVote(tx, proposalId, { result: undefined });
  return decideVote(tx, settled.decision);
}

/** Whether a membership change was rejected that the group could still make. */
function isRevisable({ state }: ActiveTransaction, { request, result }: OpenVote): boolean {
  // An approval stays: this member may have acted on it.
  if (result === undefined || result === "yes") return false;
  if (request.kind !== "add" && request.kind !== "remove") return false;
  return state.group.members.includes(request.member) === (request.kind === "remove");
}

function isInTime(tx: ActiveTransaction, { proposal }: Tally, { timestamp }: Vote): boolean {
  const wholeMs = voteMs(tx, false);
  return Number(timestamp - proposal.timestamp) * 1_000 <= wholeMs;
}

function hasVoteOf({ votes }: Tally, { voteOwner }: Vote): boolean {
  return votes.some((vote) => bytesEqual(vote.voteOwner, voteOwner));
}
