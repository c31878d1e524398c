import { validateVote, type ProposalTimes } from "@demls/consensus";
import { ViolationType, type ConversationUpdateRequest, type Proposal, type Vote } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { consensusContext } from "./consensus-context.js";
import { withEntry } from "../model/persistent-collections.js";
import { LIMITS } from "../model/limits.js";
import type { ApprovedProposal } from "../model/state.js";
import { policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";
import { evidenceOf, membershipTarget, removeRequest } from "../model/request.js";

/**
 * A proposal of this epoch or the one before that would change the membership, and what was heard of its vote,
 * counted here or not. `request` is the change; that of an emergency is the removal which it leads to.
 */
export interface ObservedProposal extends ApprovedProposal, ProposalTimes {
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
  readonly observedIn: bigint;
  /** By owner. */
  readonly votes: ReadonlyMap<MemberId, boolean>;
}

/**
 * Notes a proposal that was taken in, with the votes that came along, for a commit that does what is not approved
 * here: 3.0.0 members may decide it otherwise, also once it is displaced here.
 */
export function observeProposal(tx: Transaction, proposal: Proposal, request: ConversationUpdateRequest): void {
  const { observedProposals } = tx.state;
  const { proposalId, proposalOwner, expectedVotersCount, livenessCriteriaYes, votes } = proposal;
  const change = changeOf(request);
  if (!policyOf(tx).reconcilesOnCommit || change === undefined || observedProposals.has(proposalId)) return;
  // Of what was cut only an identity can still be longer, which no member has.
  if ("identity" in change && change.identity.length > LIMITS.membershipRequestBytes) return;
  const heard: ObservedProposal = {
    proposalId,
    request: change,
    proposer: memberIdFromBytes(proposalOwner),
    expectedVoters: expectedVotersCount,
    livenessCriteriaYes,
    timestamp: proposal.timestamp,
    expirationTimestamp: proposal.expirationTimestamp,
    observedIn: requireGroup(tx).epoch,
    votes: new Map(),
  };
  const kept = [...observedProposals].slice(-LIMITS.observedProposals + 1);
  update(tx, { observedProposals: new Map([...kept, [proposalId, heard]]) });
  for (const vote of votes) observeVote(tx, vote);
}

/** The membership change that a proposal leads to where it is approved. */
function changeOf(request: ConversationUpdateRequest): ConversationUpdateRequest | undefined {
  const evidence = evidenceOf(request);
  if (evidence?.violationType === ViolationType.ScoreBelowThreshold) {
    return removeRequest(memberIdFromBytes(evidence.targetMemberId));
  }
  return membershipTarget(request) === undefined ? undefined : request;
}

/** Notes a vote whose signature is its owner's, where its proposal was noted; of each owner the first. */
export function observeVote(tx: Transaction, { proposalId, voteOwner, vote }: Vote): void {
  const { observedProposals } = tx.state;
  const heard = observedProposals.get(proposalId);
  const owner = memberIdFromBytes(voteOwner);
  if (heard === undefined || heard.votes.has(owner)) return;
  const votes = withEntry(heard.votes, owner, vote);
  update(tx, { observedProposals: withEntry(observedProposals, proposalId, { ...heard, votes }) });
}

/** Notes a vote that the consensus here has not looked at, once its signature is verified. */
export async function observeUncountedVote(tx: Transaction, vote: Vote): Promise<void> {
  const heard = tx.state.observedProposals.get(vote.proposalId);
  if (heard === undefined || heard.votes.has(memberIdFromBytes(vote.voteOwner))) return;
  if ((await validateVote(vote, heard, consensusContext(tx))) === undefined) observeVote(tx, vote);
}

/**
 * Notes a vote in another name than its sender's where a 3.0.0 member may count it (weakness W1). For a member only
 * its own messages speak.
 */
export async function observeForeignVote(tx: Transaction, vote: Vote): Promise<void> {
  if (!mayCountElsewhere(tx) || isMembers(tx, vote)) return;
  const noted = tx.state.observedProposals.get(vote.proposalId)?.votes.size ?? 0;
  if (noted < LIMITS.observedVotes) await observeUncountedVote(tx, vote);
}

/** Notes a proposal that is refused here where a 3.0.0 member may take it, and the votes in it likewise (W1). */
export async function observeRejectedProposal(
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
): Promise<void> {
  const { expectedVotersCount, proposalOwner, votes } = proposal;
  if (!mayCountElsewhere(tx)) return;
  if (expectedVotersCount > LIMITS.observedVotes || votes.length > LIMITS.observedBundledVotes) return;
  const { consensus } = tx.env.plugins;
  const verdict = await consensus.ingestProposal(consensus.empty(), proposal, consensusContext(tx));
  if (verdict.kind === "rejected") return;
  const proposer = memberIdFromBytes(proposalOwner);
  const credible = votes.filter(
    (vote) => memberIdFromBytes(vote.voteOwner) === proposer || !isMembers(tx, vote),
  );
  observeProposal(tx, { ...proposal, votes: credible }, request);
}

function isMembers(tx: Transaction, { voteOwner }: Vote): boolean {
  return requireGroup(tx).members.includes(memberIdFromBytes(voteOwner));
}

/** Whether some member may count what is refused here, so that it has to be reckoned with (weakness W1). */
export function mayCountElsewhere(tx: Transaction): boolean {
  return policyOf(tx).reconcilesOnCommit && requireGroup(tx).mixed;
}

/** Forgets proposals of earlier epochs: 3.0.0 commits all that it has approved with the next commit. */
export function forgetOldProposals(tx: Transaction): void {
  const { epoch } = requireGroup(tx);
  const kept = [...tx.state.observedProposals].filter(([, { observedIn }]) => observedIn + 1n >= epoch);
  if (kept.length < tx.state.observedProposals.size) update(tx, { observedProposals: new Map(kept) });
}

/** How many of the votes heard say so. */
export function countObserved({ votes }: { readonly votes: ReadonlyMap<MemberId, boolean> }): {
  readonly yes: number;
  readonly no: number;
} {
  const yes = [...votes.values()].filter(Boolean).length;
  return { yes, no: votes.size - yes };
}
