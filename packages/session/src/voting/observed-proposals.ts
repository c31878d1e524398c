import { validateVote } from "@demls/consensus";
import type { Proposal, Vote } from "@demls/wire";
import { memberIdFromBytes } from "@demls/wire/core";
import { mayHaveReferenceMembers } from "../model/compatibility.js";
import { LIMITS } from "../model/limits.js";
import { withEntry } from "../model/persistent-collections.js";
import { committedForm, membershipTarget, type ChangeRequest } from "../model/request.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import type { ObservedProposal } from "../model/votes.js";
import { consensusContext } from "./consensus-context.js";

/**
 * Notes a received proposal and its votes, to reconcile with a commit of changes that are not approved on this member:
 * 3.0.0 members may decide the proposal differently, even after it was evicted on this member.
 */
export function observeProposal(tx: ActiveTransaction, proposal: Proposal, request: ChangeRequest): void {
  const { observed } = tx.state.votes;
  const { proposalId, proposalOwner, expectedVotersCount, livenessCriteriaYes, votes } = proposal;
  const change = committedForm(request);
  if (!policyOf(tx).reconcilesOnCommit || change === undefined || observed.has(proposalId)) return;
  // A shortened request can be too long only by its identity, and no member has such an identity.
  const identityBytes = (membershipTarget(change)?.length ?? 0) / 2;
  if (identityBytes > LIMITS.membershipRequestBytes) return;
  const noted: ObservedProposal = {
    proposalId,
    request: change,
    proposer: memberIdFromBytes(proposalOwner),
    expectedVoters: expectedVotersCount,
    livenessCriteriaYes,
    timestamp: proposal.timestamp,
    expirationTimestamp: proposal.expirationTimestamp,
    observedIn: tx.state.group.epoch,
    votes: new Map(),
  };
  const kept = [...observed].slice(-LIMITS.observedProposals + 1);
  update(tx, "votes", { observed: new Map([...kept, [proposalId, noted]]) });
  for (const vote of votes) observeVote(tx, vote);
}

/** Notes a vote signed by its owner, if its proposal was noted. The first vote of each owner counts. */
export function observeVote(tx: ActiveTransaction, { proposalId, voteOwner, vote }: Vote): void {
  const { observed } = tx.state.votes;
  const proposal = observed.get(proposalId);
  const owner = memberIdFromBytes(voteOwner);
  if (proposal === undefined || proposal.votes.has(owner)) return;
  const votes = withEntry(proposal.votes, owner, vote);
  update(tx, "votes", { observed: withEntry(observed, proposalId, { ...proposal, votes }) });
}

/** Verifies the signature of a vote that the consensus plug-in does not know, and notes the vote. */
export async function observeUncountedVote(tx: ActiveTransaction, vote: Vote): Promise<void> {
  const proposal = tx.state.votes.observed.get(vote.proposalId);
  if (proposal === undefined || proposal.votes.has(memberIdFromBytes(vote.voteOwner))) return;
  if ((await validateVote(vote, proposal, consensusContext(tx))) === undefined) observeVote(tx, vote);
}

/**
 * Notes a vote sent by another member than its owner if 3.0.0 members may count it (weakness W1). A current member's
 * vote is noted only from its own messages.
 */
export async function observeForeignVote(tx: ActiveTransaction, vote: Vote): Promise<void> {
  if (!mayCountElsewhere(tx) || isOfMember(tx, vote)) return;
  const noted = tx.state.votes.observed.get(vote.proposalId)?.votes.size ?? 0;
  if (noted < LIMITS.observedVotes) await observeUncountedVote(tx, vote);
}

/** Notes a proposal rejected on this member if 3.0.0 members may accept it, with its votes (W1). */
export async function observeRejectedProposal(
  tx: ActiveTransaction,
  proposal: Proposal,
  request: ChangeRequest,
): Promise<void> {
  const { expectedVotersCount, proposalOwner, votes } = proposal;
  if (!mayCountElsewhere(tx)) return;
  if (expectedVotersCount > LIMITS.observedVotes || votes.length > LIMITS.observedBundledVotes) return;
  const { consensus } = tx.env.plugins;
  const verdict = await consensus.ingestProposal(consensus.empty(), proposal, consensusContext(tx));
  if (verdict.kind === "rejected") return;
  const proposer = memberIdFromBytes(proposalOwner);
  const credible = votes.filter(
    (vote) => memberIdFromBytes(vote.voteOwner) === proposer || !isOfMember(tx, vote),
  );
  observeProposal(tx, { ...proposal, votes: credible }, request);
}

function isOfMember({ state }: ActiveTransaction, { voteOwner }: Vote): boolean {
  return state.group.members.includes(memberIdFromBytes(voteOwner));
}

/** Whether other members may count a vote that is rejected on this member (weakness W1). */
export function mayCountElsewhere(tx: ActiveTransaction): boolean {
  return policyOf(tx).reconcilesOnCommit && mayHaveReferenceMembers(tx.state.group);
}

/** Deletes noted proposals of earlier epochs: 3.0.0 commits everything that it has approved with the next commit. */
export function forgetOldProposals(tx: ActiveTransaction): void {
  const { observed } = tx.state.votes;
  const { epoch } = tx.state.group;
  const kept = [...observed].filter(([, { observedIn }]) => observedIn + 1n >= epoch);
  if (kept.length < observed.size) update(tx, "votes", { observed: new Map(kept) });
}

/** Counts the noted votes. */
export function countObserved({ votes }: Pick<ObservedProposal, "votes">): {
  readonly yes: number;
  readonly no: number;
} {
  const yes = [...votes.values()].filter(Boolean).length;
  return { yes, no: votes.size - yes };
}
