import { foldProposalId, ID_RANDOM_BYTES } from "@demls/consensus";
import type { ConversationUpdateRequest } from "@demls/wire";
import { DemlsError, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { toldDeadline } from "../model/deadline.js";
import type { DefaultVote } from "./default-vote.js";
import { isVoter } from "./electorate.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import type { PendingSignature, SigningPurpose } from "../model/state.js";
import { trace, emit, requireGroup, update, type Transaction } from "../model/transaction.js";
import { proposalKind } from "../model/request.js";

/** Asks this member for its vote, where it has one, and arms the one that is cast for it otherwise. */
export function askForVote(
  tx: Transaction,
  proposalId: number,
  proposer: MemberId,
  request: ConversationUpdateRequest,
  judged: DefaultVote,
): void {
  if (!isVoter(tx, proposalId, tx.env.self)) return;
  const atMs = armDefaultVote(tx, proposalId, request, judged);
  const deadline = toldDeadline(atMs, { monotonicMs: tx.env.nowMs, wallMs: tx.env.nowWallMs });
  emit(tx, { kind: "voteRequested", proposalId, proposer, request, ...deadline, defaultVote: judged.vote });
}

/**
 * Arms the vote that is cast for this member, where it has one, without asking it.
 *
 * @returns when it is cast.
 */
export function armDefaultVote(
  tx: Transaction,
  proposalId: number,
  request: ConversationUpdateRequest,
  { vote, reason }: DefaultVote,
): number {
  const { config, defaultVotes } = tx.state;
  const isElection = proposalKind(request) === "election";
  const atMs = tx.env.nowMs + (isElection ? config.electionVotingDelayMs : config.votingDelayMs);
  if (!isVoter(tx, proposalId, tx.env.self)) return atMs;
  update(tx, { defaultVotes: withEntry(defaultVotes, proposalId, { atMs, vote }) });
  trace(tx, { kind: "defaultVote", proposalId, vote, reason });
  return atMs;
}

/**
 * Casts this member's vote by hand, in place of the one that would be cast for it.
 *
 * @throws DemlsError `not-joined`; `wrong-phase` while freezing; `not-a-voter`; `already-voted`; `unknown-proposal`;
 *   `proposal-closed` where it is decided or expired.
 */
export function voteByHand(tx: Transaction, proposalId: number, choice: boolean): void {
  const { phase } = tx.state;
  requireGroup(tx);
  if (phase === "freezing" || phase === "selection") {
    throw cannotVote("wrong-phase", `No vote is taken by hand while the conversation is ${phase}.`);
  }
  if (!isVoter(tx, proposalId, tx.env.self)) {
    throw cannotVote("not-a-voter", "This member has no vote on the proposal: stewards decide it.");
  }
  castVote(tx, proposalId, choice, { kind: "vote" });
}

/** Prepares this member's vote and asks the signer for its signature; the vote counts once it is sent. */
export function castVote(tx: Transaction, proposalId: number, choice: boolean, purpose: SigningPurpose): void {
  const { env, state } = tx;
  if ([...state.signatures.values()].some(({ vote }) => vote.proposalId === proposalId)) {
    throw cannotVote("already-voted", "This member has voted on the proposal already.");
  }
  const voteId = foldProposalId(env.random.bytes(ID_RANDOM_BYTES));
  const unsigned = prepare(tx, proposalId, choice, voteId);
  const requestId = state.nextRequestId;
  const pending: PendingSignature = { requestId, ...unsigned, purpose };
  update(tx, {
    signatures: withEntry(state.signatures, requestId, pending),
    nextRequestId: requestId + 1,
    defaultVotes: withoutKey(state.defaultVotes, proposalId),
  });
  tx.effects.push({ kind: "sign", requestId, message: unsigned.message });
}

function prepare(
  tx: Transaction,
  proposalId: number,
  choice: boolean,
  voteId: number,
): Pick<PendingSignature, "vote" | "message"> {
  const { env, state } = tx;
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
