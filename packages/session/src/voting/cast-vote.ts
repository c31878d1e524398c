import { foldProposalId, ID_RANDOM_BYTES } from "@demls/consensus";
import { DemlsError, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { clockedDeadline } from "../model/deadline.js";
import { proposalKind, type ChangeRequest } from "../model/request.js";
import { emit, policyOf, trace, update, type ActiveTransaction } from "../model/transaction.js";
import type { PendingSignature, SigningPurpose } from "../model/votes.js";
import type { DefaultVote } from "./default-vote.js";
import { isVoter } from "./electorate.js";
import { updateVote, voteOf } from "./open-votes.js";

/**
 * Requests this member's vote, if it has one, and starts the timer of its default vote. One that is cast at once is not
 * requested.
 */
export async function askForVote(
  tx: ActiveTransaction,
  proposalId: number,
  proposer: MemberId,
  request: ChangeRequest,
  judged: DefaultVote,
): Promise<void> {
  if (!isVoter(tx, proposalId, tx.env.self)) return;
  const atMs = armDefaultVote(tx, proposalId, request, judged);
  if (atMs === tx.env.nowMs && judged.vote) return;
  const deadline = clockedDeadline(atMs, { monotonicMs: tx.env.nowMs, wallMs: tx.env.nowWallMs });
  const claimedName = await joinersName(tx, request);
  const defaultVote = judged.vote;
  emit(tx, { kind: "voteRequested", proposalId, proposer, request, claimedName, ...deadline, defaultVote });
}

/** Name that a joiner claims in its key package; undefined for other requests. */
export async function joinersName(
  tx: ActiveTransaction,
  request: ChangeRequest,
): Promise<string | undefined> {
  if (request.kind !== "add" || !policyOf(tx).namesLeaves) return undefined;
  const found = await tx.env.plugins.mls.inspectKeyPackage(request.keyPackage);
  return found.ok && found.identity === request.member ? found.claimedName : undefined;
}

/**
 * Starts the timer of this member's default vote, if it has one, without requesting a vote.
 *
 * @returns the monotonic time at which the default vote is cast.
 */
export function armDefaultVote(
  tx: ActiveTransaction,
  proposalId: number,
  request: ChangeRequest,
  { vote, reason }: DefaultVote,
): number {
  const atMs = tx.env.nowMs + delayMs(tx, request, { vote, reason });
  if (!isVoter(tx, proposalId, tx.env.self)) return atMs;
  updateVote(tx, proposalId, { defaultVote: { atMs, vote } });
  trace(tx, { kind: "defaultVote", proposalId, vote, reason });
  return atMs;
}

/** Time in ms for a vote by hand. There is nothing to think about once a joiner has given up. */
function delayMs(tx: ActiveTransaction, request: ChangeRequest, judged: DefaultVote): number {
  if (judged.reason === "withdrawn") return 0;
  const { deliberationMs, electionVotingDelayMs, votingDelayMs } = tx.state.config;
  const longestMs = proposalKind(request) === "election" ? electionVotingDelayMs : votingDelayMs;
  return asksNobody(tx, request, judged) ? Math.min(deliberationMs, longestMs) : longestMs;
}

/**
 * Whether a default vote asks no person: this member's policy admits the joiner, or the steward list is the one that it
 * derives itself.
 */
function asksNobody(tx: ActiveTransaction, { kind }: ChangeRequest, { vote }: DefaultVote): boolean {
  return policyOf(tx).deliberatesApart && vote && (kind === "add" || kind === "electStewards");
}

/**
 * Casts this member's manual vote, in place of the default vote.
 *
 * @throws DemlsError `wrong-phase` during a freeze; `not-a-voter`; `already-voted`; `unknown-proposal`;
 *   `proposal-closed` if it is decided or expired.
 */
export function voteByHand(tx: ActiveTransaction, proposalId: number, choice: boolean): void {
  const { phase } = tx.state;
  if (phase === "freezing") {
    throw cannotVote("wrong-phase", `Manual votes are not accepted in phase ${phase}.`);
  }
  if (!isVoter(tx, proposalId, tx.env.self)) {
    throw cannotVote("not-a-voter", "This member is not in the proposal's electorate.");
  }
  castVote(tx, proposalId, choice, { kind: "vote" });
}

/** Prepares this member's vote and requests its signature. The vote counts once it is sent. */
export function castVote(
  tx: ActiveTransaction,
  proposalId: number,
  choice: boolean,
  purpose: SigningPurpose,
): void {
  const { env, state } = tx;
  if (voteOf(tx, proposalId)?.signature !== undefined) {
    throw cannotVote("already-voted", "This member has already voted on the proposal.");
  }
  const voteId = foldProposalId(env.random.bytes(ID_RANDOM_BYTES));
  const unsigned = prepare(tx, proposalId, choice, voteId);
  const requestId = state.votes.nextRequestId;
  const signature: PendingSignature = { requestId, ...unsigned, purpose, kept: undefined };
  update(tx, "votes", { nextRequestId: requestId + 1 });
  updateVote(tx, proposalId, { signature, defaultVote: undefined });
  tx.effects.push({ kind: "sign", requestId, message: unsigned.message });
}

function prepare(
  tx: ActiveTransaction,
  proposalId: number,
  choice: boolean,
  voteId: number,
): Pick<PendingSignature, "vote" | "message"> {
  const { env, state } = tx;
  const ballot = { voter: memberIdToBytes(env.self), choice, voteId };
  const { consensus } = env.plugins;
  // Peers reject a vote older than its proposal, so a slow clock is corrected.
  const opened = consensus.tally(state.votes.sessions, proposalId)?.proposal.timestamp ?? 0n;
  try {
    return consensus.castVote(
      state.votes.sessions,
      proposalId,
      ballot,
      opened > env.nowSeconds ? opened : env.nowSeconds,
    );
  } catch (error) {
    const code = error instanceof DemlsError ? String(error.code) : undefined;
    if (code === "session-not-found") throw cannotVote("unknown-proposal", "No open proposal has this id.");
    if (code === "user-already-voted") {
      throw cannotVote("already-voted", "This member has already voted on the proposal.");
    }
    if (code === "proposal-expired" || code === "session-not-active") {
      throw cannotVote("proposal-closed", "The proposal no longer accepts votes.");
    }
    throw error;
  }
}

const REMEDIES = {
  "wrong-phase": "The default vote is cast at its deadline.",
  "not-a-voter": "Wait for the proposalDecided event.",
  "already-voted": "A vote cannot be changed.",
  "unknown-proposal": "Use the id of a voteRequested event.",
  "proposal-closed": "See the proposalDecided event for its result.",
} as const;

function cannotVote<Code extends keyof typeof REMEDIES>(code: Code, message: string): DemlsError<Code> {
  return new DemlsError(code, { message, field: "proposalId", remedy: REMEDIES[code] });
}
