import type { Vote } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { handled, NO_FACTS, type Facts, type Handled } from "../model/fact.js";
import { accepted, ignored, rejected } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import type { BufferedVote } from "../model/votes.js";
import { consensusContext } from "./consensus-context.js";
import { isVoter } from "./electorate.js";
import {
  mayCountElsewhere,
  observeForeignVote,
  observeUncountedVote,
  observeVote,
} from "./observed-proposals.js";
import { mayVote } from "./past-epoch-votes.js";
import { isOversizedVote } from "./proposal-size.js";
import { reviseResult } from "./revise-result.js";
import { decideVote } from "./decide-vote.js";

/**
 * Handles another member's vote. It counts only if its owner is the sender, authenticated by MLS, and is in the
 * electorate (weakness W1: votes under invented keys).
 *
 * @param isResent whether another member resends it, which may be after the proposal has expired.
 */
export async function receiveVote(
  tx: ActiveTransaction,
  vote: Vote,
  sender: MemberId,
  isResent = false,
): Promise<Handled> {
  const { env, state } = tx;
  const { consensus } = env.plugins;
  const { proposalId } = vote;
  if (!mayVote(tx, sender)) return handled(rejected("not-a-member", undefined, sender));
  if (memberIdFromBytes(vote.voteOwner) !== sender) {
    await observeForeignVote(tx, vote);
    return handled(rejected("foreign-vote", undefined, sender));
  }
  if (isOversizedVote(vote) && !mayCountElsewhere(tx))
    return handled(rejected("vote-too-large", undefined, sender));
  const before = consensus.tally(state.votes.sessions, proposalId);
  if (before === undefined) {
    await observeUncountedVote(tx, vote);
    if (state.votes.resolved.includes(proposalId)) return handled(ignored("decided-proposal"));
    bufferVote(tx, { vote, sender });
    return handled({ kind: "buffered", reason: "before-proposal" });
  }
  if (!isVoter(tx, proposalId, sender)) return handled(rejected("not-a-voter", undefined, sender));
  const context = consensusContext(tx, isResent ? before.proposal.expirationTimestamp - 1n : undefined);
  const result = await consensus.ingestVote(state.votes.sessions, vote, context);
  update(tx, "votes", { sessions: result.state });
  // The session may have failed here alone. The vote is valid, because the session is checked last.
  if (result.kind === "rejected" && result.code === "session-not-active" && isResent)
    return handled(accepted("vote", sender), await reviseResult(tx, vote));
  if (result.kind === "rejected") return handled(rejected("consensus", result.code, sender));
  observeVote(tx, vote);
  const after = consensus.tally(result.state, proposalId);
  // A vote after the decision is accepted, but not counted.
  if (after !== undefined && after.votes.length > before.votes.length) {
    emit(tx, { kind: "voteCast", proposalId, voter: sender, vote: vote.vote });
  }
  if (isResent && before.state !== "active")
    return handled(accepted("vote", sender), await reviseResult(tx, vote));
  const facts = result.decision === undefined ? NO_FACTS : decideVote(tx, result.decision);
  return handled(accepted("vote", sender), facts);
}

/**
 * Buffers a vote until its proposal arrives. Each sender has its own bound, so that none evicts other senders' votes.
 */
function bufferVote(tx: ActiveTransaction, buffered: BufferedVote): void {
  const { bufferedVotes } = tx.state.votes;
  const ofSender = bufferedVotes.filter(({ sender }) => sender === buffered.sender);
  const surplus = ofSender.length >= LIMITS.bufferedVotesPerSender ? ofSender[0] : undefined;
  const others = bufferedVotes.filter((kept) => kept !== surplus);
  update(tx, "votes", { bufferedVotes: appendBounded(others, buffered, LIMITS.bufferedVotes) });
}

/** Handles the buffered votes of a proposal. */
export async function takeBufferedVotes(tx: ActiveTransaction, proposalId: number): Promise<Facts> {
  const { bufferedVotes } = tx.state.votes;
  const ready = bufferedVotes.filter(({ vote }) => vote.proposalId === proposalId);
  if (ready.length === 0) return NO_FACTS;
  const rest = bufferedVotes.filter(({ vote }) => vote.proposalId !== proposalId);
  update(tx, "votes", { bufferedVotes: rest });
  const facts: Facts[] = [];
  for (const { vote, sender } of ready) facts.push((await receiveVote(tx, vote, sender)).facts);
  return facts.flat();
}
