import type { Vote } from "@demls/wire";
import { applyDecision } from "../step/apply-decision.js";
import { observeProposal, observeVote } from "./observed-proposals.js";
import { abandonProposal, proposalBlock } from "./propose.js";
import { withEntry } from "../model/persistent-collections.js";
import type { ConversationState } from "../model/state.js";
import { emit, policyOf, sealAndEnqueue, update, type Transaction } from "../model/transaction.js";
import { proposalKind } from "../model/request.js";

/** Whether an own proposal waits for the signature of the yes that goes out with it: nobody has seen it yet. */
export function awaitsOwnYes({ signatures }: ConversationState, proposalId: number): boolean {
  return [...signatures.values()].some(
    ({ vote, purpose }) => purpose.kind === "bundledYes" && vote.proposalId === proposalId,
  );
}

/**
 * Sends and counts a vote that has been signed. Late for this member, it may still be early for others; only
 * where newer proposals have displaced the one it is for, nobody waits for it and it does not come here.
 */
export async function submitVote(tx: Transaction, vote: Vote): Promise<void> {
  const { env, state } = tx;
  if (state.group === undefined) return;
  const admitted = env.plugins.consensus.admitOwnVote(state.consensus, vote, env.nowSeconds);
  if (admitted.kind === "rejected") {
    const message = `A signed vote came too late to count: ${admitted.code}.`;
    emit(tx, { kind: "error", code: "vote-too-late", operation: "vote", message });
    return;
  }
  await sealAndEnqueue(tx, { kind: "vote", vote });
  observeVote(tx, vote);
  update(tx, { consensus: admitted.state });
  emit(tx, { kind: "voteCast", proposalId: vote.proposalId, voter: env.self, vote: vote.vote });
  if (admitted.decision !== undefined) await applyDecision(tx, admitted.decision);
}

/** Sends a proposal with its signed yes, unless the group moved on while the signer thought. */
export async function submitBundled(tx: Transaction, vote: Vote, openedIn: bigint): Promise<void> {
  const { env, state } = tx;
  const { proposalId } = vote;
  const request = state.ownProposals.get(proposalId);
  if (request === undefined) return;
  // An open emergency blocks nothing here: it may be this very proposal, and others were let in before it.
  const block = proposalBlock(tx, proposalKind(request));
  const admitted = env.plugins.consensus.admitOwnVote(state.consensus, vote, env.nowSeconds);
  const proposal = env.plugins.consensus.tally(admitted.state, proposalId)?.proposal;
  const closed = block === "not-joined" || block === "wrong-phase";
  if (closed || state.group?.epoch !== openedIn || admitted.kind === "rejected" || proposal === undefined) {
    return abandonProposal(tx, proposalId, request, "signed-too-late");
  }
  const deadlineMs = env.nowMs + policyOf(tx).consensusDeadlineMs(state.config, true);
  update(tx, {
    consensus: admitted.state,
    voteDeadlines: withEntry(state.voteDeadlines, proposalId, deadlineMs),
  });
  await sealAndEnqueue(tx, { kind: "proposal", proposal });
  observeProposal(tx, proposal, request);
  emit(tx, { kind: "ownProposalSubmitted", proposalId, request, bundled: true });
  emit(tx, { kind: "voteCast", proposalId, voter: env.self, vote: true });
  if (admitted.decision !== undefined) await applyDecision(tx, admitted.decision);
}
