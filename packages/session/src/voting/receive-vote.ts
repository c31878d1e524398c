import type { Vote } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { consensusContext } from "./consensus-context.js";
import { applyDecision } from "../step/apply-decision.js";
import { isVoter } from "./electorate.js";
import { mayCountElsewhere, observeForeignVote, observeUncountedVote, observeVote } from "./observed-proposals.js";
import { ignored, rejected, accepted, type InboundOutcome } from "../model/inbound-outcome.js";
import { appendBounded } from "../model/persistent-collections.js";
import { isOversizedVote } from "./proposal-size.js";
import { LIMITS } from "../model/limits.js";
import type { BufferedVote } from "../model/state.js";
import { mayVote } from "./past-epoch-votes.js";
import { emit, update, type Transaction } from "../model/transaction.js";

/**
 * Takes another member's vote.
 *
 * It counts only for the member that sent it, and that has a say: `sender` is who MLS says it is (weakness
 * W1, where votes under made-up keys decide).
 */
export async function receiveVote(tx: Transaction, vote: Vote, sender: MemberId): Promise<InboundOutcome> {
  const { env, state } = tx;
  const { proposalId } = vote;
  if (!mayVote(tx, sender)) return rejected("not-a-member", undefined, sender);
  if (memberIdFromBytes(vote.voteOwner) !== sender) {
    await observeForeignVote(tx, vote);
    return rejected("foreign-vote", undefined, sender);
  }
  if (isOversizedVote(vote) && !mayCountElsewhere(tx)) return rejected("vote-too-large", undefined, sender);
  const before = env.plugins.consensus.tally(state.consensus, proposalId);
  if (before === undefined) {
    await observeUncountedVote(tx, vote);
    if (state.resolved.includes(proposalId)) return ignored("decided-proposal");
    bufferVote(tx, { vote, sender });
    return { kind: "buffered", reason: "before-proposal" };
  }
  if (!isVoter(tx, proposalId, sender)) return rejected("not-a-voter", undefined, sender);
  const result = await env.plugins.consensus.ingestVote(state.consensus, vote, consensusContext(tx));
  update(tx, { consensus: result.state });
  if (result.kind === "rejected") return rejected("consensus", result.code, sender);
  observeVote(tx, vote);
  const after = env.plugins.consensus.tally(result.state, proposalId);
  // A vote that comes after the decision is accepted without being counted.
  if (after !== undefined && after.votes.length > before.votes.length) {
    emit(tx, { kind: "voteCast", proposalId, voter: sender, vote: vote.vote });
  }
  if (result.decision !== undefined) await applyDecision(tx, result.decision);
  return accepted("vote", sender);
}

/** Keeps a vote until its proposal comes. A sender's share is bounded, or it could displace everyone's. */
function bufferVote(tx: Transaction, early: BufferedVote): void {
  const { bufferedVotes } = tx.state;
  const ofSender = bufferedVotes.filter(({ sender }) => sender === early.sender);
  const surplus = ofSender.length >= LIMITS.bufferedVotesPerSender ? ofSender[0] : undefined;
  const others = bufferedVotes.filter((kept) => kept !== surplus);
  update(tx, { bufferedVotes: appendBounded(others, early, LIMITS.bufferedVotes) });
}

/** Takes the votes that came before their proposal did, of those who are still members. */
export async function takeBufferedVotes(tx: Transaction, proposalId: number): Promise<void> {
  const ready = tx.state.bufferedVotes.filter(({ vote }) => vote.proposalId === proposalId);
  if (ready.length === 0) return;
  update(tx, { bufferedVotes: tx.state.bufferedVotes.filter(({ vote }) => vote.proposalId !== proposalId) });
  for (const { vote, sender } of ready) await receiveVote(tx, vote, sender);
}
