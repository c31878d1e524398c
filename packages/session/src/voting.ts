import { foldProposalId, ID_RANDOM_BYTES } from "@demls/consensus";
import type { ConversationUpdateRequest } from "@demls/wire";
import { DemlsError, memberIdToBytes, type MemberId } from "@demls/wire/core";
import type { DefaultVote } from "./judgement.js";
import { isVoter } from "./electorate.js";
import { withEntry, withoutKey } from "./persistent-collections.js";
import type { PendingSignature, SigningPurpose } from "./state.js";
import { decide, emit, requireGroup, update, type Turn } from "./turn.js";
import { proposalKind } from "./update-request.js";

/** Asks this member for its vote, where it has one, and arms the one that is cast for it otherwise. */
export function askForVote(
  turn: Turn,
  proposalId: number,
  proposer: MemberId,
  request: ConversationUpdateRequest,
  judged: DefaultVote,
): void {
  if (!isVoter(turn, proposalId, turn.env.self)) return;
  const deadlineMs = armVote(turn, proposalId, request, judged);
  const defaultVote = judged.vote;
  emit(turn, { kind: "voteRequested", proposalId, proposer, request, deadlineMs, defaultVote });
}

/**
 * Arms the vote that is cast for this member, where it has one, without asking it.
 *
 * @returns when it is cast.
 */
export function armVote(
  turn: Turn,
  proposalId: number,
  request: ConversationUpdateRequest,
  { vote, reason }: DefaultVote,
): number {
  const { config, autoVotes } = turn.state;
  const isElection = proposalKind(request) === "election";
  const atMs = turn.env.nowMs + (isElection ? config.electionVotingDelayMs : config.votingDelayMs);
  if (!isVoter(turn, proposalId, turn.env.self)) return atMs;
  update(turn, { autoVotes: withEntry(autoVotes, proposalId, { atMs, vote }) });
  decide(turn, { kind: "default-vote", proposalId, vote, reason });
  return atMs;
}

/**
 * Casts this member's vote by hand, in place of the one that would be cast for it.
 *
 * @throws DemlsError `not-joined`; `wrong-phase` while freezing; `not-a-voter`; `already-voted`; `unknown-proposal`;
 *   `proposal-closed` where it is decided or expired.
 */
export function voteByHand(turn: Turn, proposalId: number, choice: boolean): void {
  const { phase } = turn.state;
  requireGroup(turn);
  if (phase === "freezing" || phase === "selection") {
    throw cannotVote("wrong-phase", `No vote is taken by hand while the conversation is ${phase}.`);
  }
  if (!isVoter(turn, proposalId, turn.env.self)) {
    throw cannotVote("not-a-voter", "This member has no vote on the proposal: stewards decide it.");
  }
  castVote(turn, proposalId, choice, { kind: "vote" });
}

/** Prepares this member's vote and asks the signer for its signature; the vote counts once it is sent. */
export function castVote(turn: Turn, proposalId: number, choice: boolean, purpose: SigningPurpose): void {
  const { env, state } = turn;
  if ([...state.signatures.values()].some(({ vote }) => vote.proposalId === proposalId)) {
    throw cannotVote("already-voted", "This member has voted on the proposal already.");
  }
  const voteId = foldProposalId(env.random.bytes(ID_RANDOM_BYTES));
  const unsigned = prepare(turn, proposalId, choice, voteId);
  const requestId = state.nextRequestId;
  const pending: PendingSignature = { requestId, ...unsigned, purpose };
  update(turn, {
    signatures: withEntry(state.signatures, requestId, pending),
    nextRequestId: requestId + 1,
    autoVotes: withoutKey(state.autoVotes, proposalId),
  });
  turn.effects.push({ kind: "sign", requestId, message: unsigned.message });
}

function prepare(
  turn: Turn,
  proposalId: number,
  choice: boolean,
  voteId: number,
): Pick<PendingSignature, "vote" | "message"> {
  const { env, state } = turn;
  const ballot = { voter: memberIdToBytes(env.self), choice, voteId };
  const { consensus } = env.plugins;
  // Everyone refuses a vote that seems older than its proposal, so a clock that lags gives way.
  const opened = consensus.tally(state.consensus, proposalId)?.proposal.timestamp ?? 0n;
  try {
    return consensus.castVote(
      state.consensus,
      proposalId,
      ballot,
      opened > env.nowSeconds ? opened : env.nowSeconds,
    );
  } catch (error) {
    const code = error instanceof DemlsError ? String(error.code) : undefined;
    if (code === "session-not-found") throw cannotVote("unknown-proposal", "There is no such open proposal.");
    if (code === "user-already-voted") {
      throw cannotVote("already-voted", "This member has voted on the proposal already.");
    }
    if (code === "proposal-expired" || code === "session-not-active") {
      throw cannotVote("proposal-closed", "The proposal takes no more votes.");
    }
    throw error;
  }
}

const REMEDIES = {
  "wrong-phase": "The vote is cast for this member when its time is up.",
  "not-a-voter": "Wait for its proposalDecided.",
  "already-voted": "A vote cannot be changed.",
  "unknown-proposal": "Take the id from a voteRequested event.",
  "proposal-closed": "See proposalDecided for its result.",
} as const;

function cannotVote<Code extends keyof typeof REMEDIES>(code: Code, message: string): DemlsError<Code> {
  return new DemlsError(code, { message, field: "proposalId", remedy: REMEDIES[code] });
}
