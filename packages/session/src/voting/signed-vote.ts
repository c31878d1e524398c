import { voteMs } from "./vote-time.js";
import type { Vote } from "@demls/wire";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { proposalKind } from "../model/request.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import type { PendingSignature } from "../model/votes.js";
import { sealAndEnqueue } from "../messages/send.js";
import { observeProposal, observeVote } from "./observed-proposals.js";
import { updateVote, voteOf } from "./open-votes.js";
import { abandonProposal, proposalBlock } from "./propose.js";
import { decideVote } from "./decide-vote.js";
import { standingOf, isUnconfirmed } from "../standing/index.js";

/**
 * Handles a signature from the signer. Unknown request ids are ignored: their vote ended before the signature arrived.
 */
export async function useSignature(
  tx: ActiveTransaction,
  requestId: number,
  signature: Uint8Array,
): Promise<Facts> {
  if (standingOf(tx) === "catchingUp" && isUnconfirmed(tx)) return keepSignature(tx, requestId, signature);
  const pending = takeSignature(tx, requestId);
  if (pending === undefined) return NO_FACTS;
  const { vote, purpose } = pending;
  if (signature.length === 0) return reportUnsigned(tx, pending);
  // Wallets encode v and s in several ways; sent votes use the canonical form (weakness W18).
  const signed = { ...vote, signature: tx.env.plugins.verifier.canonicalForm?.(signature) ?? signature };
  return purpose.kind === "vote" ? submitVote(tx, signed) : submitBundled(tx, signed, purpose.epoch);
}

/**
 * Keeps a signature until this member seals again. It may have voted already, in packets that its state does not show.
 */
function keepSignature(tx: ActiveTransaction, requestId: number, kept: Uint8Array): Facts {
  for (const { proposalId, signature } of tx.state.votes.open.values())
    if (signature?.requestId === requestId) updateVote(tx, proposalId, { signature: { ...signature, kept } });
  return NO_FACTS;
}

/** Uses the signatures that came while this member caught up. */
export async function useKeptSignatures(tx: ActiveTransaction): Promise<Facts> {
  const facts: Facts[number][] = [];
  for (const { signature } of tx.state.votes.open.values())
    if (signature?.kept !== undefined)
      facts.push(...(await useSignature(tx, signature.requestId, signature.kept)));
  return facts;
}

/** Handles a signer's refusal: the vote is not cast, and a proposal with a bundled vote is abandoned. */
export function dropSignature(tx: ActiveTransaction, requestId: number): void {
  const pending = takeSignature(tx, requestId);
  if (pending !== undefined) reportUnsigned(tx, pending);
}

function takeSignature(tx: ActiveTransaction, requestId: number): PendingSignature | undefined {
  for (const { proposalId, signature } of tx.state.votes.open.values()) {
    if (signature?.requestId !== requestId) continue;
    updateVote(tx, proposalId, { signature: undefined });
    return signature;
  }
  return undefined;
}

function reportUnsigned(tx: ActiveTransaction, { vote, purpose }: PendingSignature): Facts {
  const message = "The signer did not sign a vote.";
  emit(tx, { kind: "error", code: "signing-failed", operation: "sign", message });
  if (purpose.kind === "bundledYes") abandonProposal(tx, vote.proposalId, "unsigned");
  return NO_FACTS;
}

/** Sends and counts a signed vote. It is sent even after the decision here, because peers may still need it. */
async function submitVote(tx: ActiveTransaction, vote: Vote): Promise<Facts> {
  const { env, state } = tx;
  const { proposalId } = vote;
  const admitted = env.plugins.consensus.admitOwnVote(state.votes.sessions, vote, env.nowSeconds);
  if (admitted.kind === "rejected") {
    const message = `A signed vote came too late to count: ${admitted.code}.`;
    emit(tx, { kind: "error", code: "vote-too-late", operation: "vote", message });
    return NO_FACTS;
  }
  await sealAndEnqueue(tx, { kind: "vote", vote });
  observeVote(tx, vote);
  update(tx, "votes", { sessions: admitted.state });
  emit(tx, { kind: "voteCast", proposalId, voter: env.self, vote: vote.vote });
  return admitted.decision === undefined ? NO_FACTS : decideVote(tx, admitted.decision);
}

/** Sends a proposal with its signed yes vote, unless the epoch has changed since. */
async function submitBundled(tx: ActiveTransaction, vote: Vote, openedIn: bigint): Promise<Facts> {
  const { env, state } = tx;
  const { proposalId } = vote;
  const tracked = voteOf(tx, proposalId);
  if (tracked === undefined || tracked.result !== undefined) return NO_FACTS;
  const { request } = tracked;
  // An open emergency does not block here: it may be this proposal, or the proposal was opened earlier.
  const block = proposalBlock(tx, proposalKind(request));
  const admitted = env.plugins.consensus.admitOwnVote(state.votes.sessions, vote, env.nowSeconds);
  const proposal = env.plugins.consensus.tally(admitted.state, proposalId)?.proposal;
  const isStale = block === "wrong-phase" || state.group.epoch !== openedIn;
  if (isStale || admitted.kind === "rejected" || proposal === undefined) {
    abandonProposal(tx, proposalId, "signed-too-late");
    return NO_FACTS;
  }
  update(tx, "votes", { sessions: admitted.state });
  const deadlineMs = env.nowMs + voteMs(tx, true);
  updateVote(tx, proposalId, { deadlineMs });
  await sealAndEnqueue(tx, { kind: "proposal", proposal });
  observeProposal(tx, proposal, request);
  emit(tx, { kind: "ownProposalSubmitted", proposalId, request, bundled: true });
  emit(tx, { kind: "voteCast", proposalId, voter: env.self, vote: true });
  return admitted.decision === undefined ? NO_FACTS : decideVote(tx, admitted.decision);
}
