import type { Vote } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { consensusContext } from "./consensus-context.js";
import { applyDecision } from "./decisions.js";
import { isVoter } from "./electorate.js";
import { mayCountElsewhere, noteForeignVote, noteUncountedVote, noteVote } from "./heard-proposals.js";
import { ignored, rejected, taken, type InboundOutcome } from "./inbound-outcome.js";
import { appendBounded } from "./persistent-collections.js";
import { isOversizedVote } from "./proposal-size.js";
import { LIMITS } from "./limits.js";
import type { EarlyVote } from "./state.js";
import { mayVote } from "./overtaken-votes.js";
import { emit, update, type Turn } from "./turn.js";

/**
 * Takes another member's vote.
 *
 * It counts only for the member that sent it, and that has a say: `sender` is who MLS says it is (weakness
 * W1, where votes under made-up keys decide).
 */
export async function receiveVote(turn: Turn, vote: Vote, sender: MemberId): Promise<InboundOutcome> {
  const { env, state } = turn;
  const { proposalId } = vote;
  if (!mayVote(turn, sender)) return rejected("not-a-member", undefined, sender);
  if (memberIdFromBytes(vote.voteOwner) !== sender) {
    await noteForeignVote(turn, vote);
    return rejected("foreign-vote", undefined, sender);
  }
  if (isOversizedVote(vote) && !mayCountElsewhere(turn)) return rejected("vote-too-large", undefined, sender);
  const before = env.plugins.consensus.tally(state.consensus, proposalId);
  if (before === undefined) {
    await noteUncountedVote(turn, vote);
    if (state.resolved.includes(proposalId)) return ignored("decided-proposal");
    bufferEarlyVote(turn, { vote, sender });
    return { kind: "buffered", reason: "before-proposal" };
  }
  if (!isVoter(turn, proposalId, sender)) return rejected("not-a-voter", undefined, sender);
  const result = await env.plugins.consensus.ingestVote(state.consensus, vote, consensusContext(turn));
  update(turn, { consensus: result.state });
  if (result.kind === "rejected") return rejected("consensus", result.code, sender);
  noteVote(turn, vote);
  const after = env.plugins.consensus.tally(result.state, proposalId);
  // A vote that comes after the decision is accepted without being counted.
  if (after !== undefined && after.votes.length > before.votes.length) {
    emit(turn, { kind: "voteCast", proposalId, voter: sender, vote: vote.vote });
  }
  if (result.decision !== undefined) await applyDecision(turn, result.decision);
  return taken("vote", sender);
}

/** Keeps a vote until its proposal comes. A sender's share is bounded, or it could displace everyone's. */
function bufferEarlyVote(turn: Turn, early: EarlyVote): void {
  const { earlyVotes } = turn.state;
  const ofSender = earlyVotes.filter(({ sender }) => sender === early.sender);
  const surplus = ofSender.length >= LIMITS.earlyVotesPerSender ? ofSender[0] : undefined;
  const others = earlyVotes.filter((kept) => kept !== surplus);
  update(turn, { earlyVotes: appendBounded(others, early, LIMITS.earlyVotes) });
}

/** Takes the votes that came before their proposal did, of those who are still members. */
export async function takeEarlyVotes(turn: Turn, proposalId: number): Promise<void> {
  const ready = turn.state.earlyVotes.filter(({ vote }) => vote.proposalId === proposalId);
  if (ready.length === 0) return;
  update(turn, { earlyVotes: turn.state.earlyVotes.filter(({ vote }) => vote.proposalId !== proposalId) });
  for (const { vote, sender } of ready) await receiveVote(turn, vote, sender);
}
