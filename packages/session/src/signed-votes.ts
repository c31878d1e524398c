import type { Vote } from "@demls/wire";
import { applyDecision } from "./decisions.js";
import { noteProposal, noteVote } from "./heard-proposals.js";
import { abandonProposal, proposalBlock } from "./proposing.js";
import { withEntry } from "./persistent-collections.js";
import type { ConversationState } from "./state.js";
import { emit, policyOf, sealAndEnqueue, update, type Turn } from "./turn.js";
import { proposalKind } from "./update-request.js";

/** Whether an own proposal waits for the signature of the yes that goes out with it: nobody has seen it yet. */
export function awaitsOwnYes({ signatures }: ConversationState, proposalId: number): boolean {
  return [...signatures.values()].some(
    ({ vote, purpose }) => purpose.kind === "bundled-yes" && vote.proposalId === proposalId,
  );
}

/**
 * Sends and counts a vote that has been signed. Late for this member, it may still be early for others; only
 * where newer proposals have displaced the one it is for, nobody waits for it and it does not come here.
 */
export async function submitVote(turn: Turn, vote: Vote): Promise<void> {
  const { env, state } = turn;
  if (state.group === undefined) return;
  const admitted = env.plugins.consensus.admitOwnVote(state.consensus, vote, env.nowSeconds);
  if (admitted.kind === "rejected") {
    const message = `A signed vote came too late to count: ${admitted.code}.`;
    emit(turn, { kind: "error", operation: "vote", message });
    return;
  }
  await sealAndEnqueue(turn, { kind: "vote", vote });
  noteVote(turn, vote);
  update(turn, { consensus: admitted.state });
  emit(turn, { kind: "voteCast", proposalId: vote.proposalId, voter: env.self, vote: vote.vote });
  if (admitted.decision !== undefined) await applyDecision(turn, admitted.decision);
}

/** Sends a proposal with its signed yes, unless the group moved on while the signer thought. */
export async function submitBundled(turn: Turn, vote: Vote, openedIn: bigint): Promise<void> {
  const { env, state } = turn;
  const { proposalId } = vote;
  const request = state.ownProposals.get(proposalId);
  if (request === undefined) return;
  // An open emergency blocks nothing here: it may be this very proposal, and others were let in before it.
  const block = proposalBlock(turn, proposalKind(request));
  const admitted = env.plugins.consensus.admitOwnVote(state.consensus, vote, env.nowSeconds);
  const proposal = env.plugins.consensus.tally(admitted.state, proposalId)?.proposal;
  const closed = block === "not-joined" || block === "wrong-phase";
  if (closed || state.group?.epoch !== openedIn || admitted.kind === "rejected" || proposal === undefined) {
    return abandonProposal(turn, proposalId, request, "signed-too-late");
  }
  const deadlineMs = env.nowMs + policyOf(turn).consensusDeadlineMs(state.config, true);
  update(turn, {
    consensus: admitted.state,
    voteDeadlines: withEntry(state.voteDeadlines, proposalId, deadlineMs),
  });
  await sealAndEnqueue(turn, { kind: "proposal", proposal });
  noteProposal(turn, proposal, request);
  emit(turn, { kind: "ownProposalSubmitted", proposalId, request, bundled: true });
  emit(turn, { kind: "voteCast", proposalId, voter: env.self, vote: true });
  if (admitted.decision !== undefined) await applyDecision(turn, admitted.decision);
}
