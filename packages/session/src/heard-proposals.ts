import type { ConversationUpdateRequest, Proposal, Vote } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { withEntry } from "./persistent-collections.js";
import { LIMITS, type ApprovedProposal } from "./state.js";
import { policyOf, requireGroup, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

/** A membership proposal of this epoch or the one before, and what was heard of its vote, counted here or not. */
export interface HeardProposal extends ApprovedProposal {
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
  readonly heardIn: bigint;
  /** By owner. */
  readonly votes: ReadonlyMap<MemberId, boolean>;
}

/**
 * Notes a membership proposal with the votes that came along, for a commit that does what is not approved here:
 * also one that is refused here, or is displaced later, since 3.0.0 members may have decided it.
 */
export function noteProposal(
  turn: Turn,
  { proposalId, proposalOwner, expectedVotersCount, livenessCriteriaYes, votes }: Proposal,
  request: ConversationUpdateRequest,
): void {
  const { heardProposals } = turn.state;
  if (!policyOf(turn).reconcilesOnCommit || membershipTarget(request) === undefined) return;
  if (heardProposals.has(proposalId)) return;
  const heard: HeardProposal = {
    proposalId,
    request,
    proposer: memberIdFromBytes(proposalOwner),
    expectedVoters: expectedVotersCount,
    livenessCriteriaYes,
    heardIn: requireGroup(turn).epoch,
    votes: new Map(),
  };
  const kept = [...heardProposals].slice(-LIMITS.heardProposals + 1);
  update(turn, { heardProposals: new Map([...kept, [proposalId, heard]]) });
  for (const vote of votes) noteVote(turn, vote);
}

/** Notes a vote on a proposal that was noted, of each owner the first; it may be one that does not count here. */
export function noteVote(turn: Turn, { proposalId, voteOwner, vote }: Vote): void {
  const { heardProposals } = turn.state;
  const heard = heardProposals.get(proposalId);
  const owner = memberIdFromBytes(voteOwner);
  if (heard === undefined || heard.votes.has(owner) || heard.votes.size >= LIMITS.heardVotes) return;
  const votes = withEntry(heard.votes, owner, vote);
  update(turn, { heardProposals: withEntry(heardProposals, proposalId, { ...heard, votes }) });
}

/** Whether some member may count what is refused here, so that it has to be reckoned with (weakness W1). */
export function mayCountElsewhere(turn: Turn): boolean {
  return policyOf(turn).reconcilesOnCommit && requireGroup(turn).mixed;
}

/** Forgets proposals of earlier epochs: 3.0.0 commits all that it has approved with the next commit. */
export function forgetOldProposals(turn: Turn): void {
  const { epoch } = requireGroup(turn);
  const kept = [...turn.state.heardProposals].filter(([, { heardIn }]) => heardIn + 1n >= epoch);
  if (kept.length < turn.state.heardProposals.size) update(turn, { heardProposals: new Map(kept) });
}

/** How many of the votes heard say so. */
export function countHeard({ votes }: { readonly votes: ReadonlyMap<MemberId, boolean> }): {
  readonly yes: number;
  readonly no: number;
} {
  const yes = [...votes.values()].filter(Boolean).length;
  return { yes, no: votes.size - yes };
}
