import { validateVote, type ProposalTimes } from "@demls/consensus";
import { ViolationType, type ConversationUpdateRequest, type Proposal, type Vote } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { consensusContext } from "./consensus-context.js";
import { withEntry } from "./persistent-collections.js";
import { LIMITS } from "./limits.js";
import type { ApprovedProposal } from "./state.js";
import { policyOf, requireGroup, update, type Turn } from "./turn.js";
import { evidenceOf, membershipTarget, removeRequest } from "./update-request.js";

/**
 * A proposal of this epoch or the one before that would change the membership, and what was heard of its vote,
 * counted here or not. `request` is the change; that of an emergency is the removal which it leads to.
 */
export interface HeardProposal extends ApprovedProposal, ProposalTimes {
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
  readonly heardIn: bigint;
  /** By owner. */
  readonly votes: ReadonlyMap<MemberId, boolean>;
}

/**
 * Notes a proposal that was taken in, with the votes that came along, for a commit that does what is not approved
 * here: 3.0.0 members may decide it otherwise, also once it is displaced here.
 */
export function noteProposal(turn: Turn, proposal: Proposal, request: ConversationUpdateRequest): void {
  const { heardProposals } = turn.state;
  const { proposalId, proposalOwner, expectedVotersCount, livenessCriteriaYes, votes } = proposal;
  const change = changeOf(request);
  if (!policyOf(turn).reconcilesOnCommit || change === undefined || heardProposals.has(proposalId)) return;
  // Of what was cut only an identity can still be longer, which no member has.
  if ("identity" in change && change.identity.length > LIMITS.membershipRequestBytes) return;
  const heard: HeardProposal = {
    proposalId,
    request: change,
    proposer: memberIdFromBytes(proposalOwner),
    expectedVoters: expectedVotersCount,
    livenessCriteriaYes,
    timestamp: proposal.timestamp,
    expirationTimestamp: proposal.expirationTimestamp,
    heardIn: requireGroup(turn).epoch,
    votes: new Map(),
  };
  const kept = [...heardProposals].slice(-LIMITS.heardProposals + 1);
  update(turn, { heardProposals: new Map([...kept, [proposalId, heard]]) });
  for (const vote of votes) noteVote(turn, vote);
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
export function noteVote(turn: Turn, { proposalId, voteOwner, vote }: Vote): void {
  const { heardProposals } = turn.state;
  const heard = heardProposals.get(proposalId);
  const owner = memberIdFromBytes(voteOwner);
  if (heard === undefined || heard.votes.has(owner)) return;
  const votes = withEntry(heard.votes, owner, vote);
  update(turn, { heardProposals: withEntry(heardProposals, proposalId, { ...heard, votes }) });
}

/** Notes a vote that the consensus here has not looked at, once its signature is verified. */
export async function noteUncountedVote(turn: Turn, vote: Vote): Promise<void> {
  const heard = turn.state.heardProposals.get(vote.proposalId);
  if (heard === undefined || heard.votes.has(memberIdFromBytes(vote.voteOwner))) return;
  if ((await validateVote(vote, heard, consensusContext(turn))) === undefined) noteVote(turn, vote);
}

/**
 * Notes a vote in another name than its sender's where a 3.0.0 member may count it (weakness W1). For a member only
 * its own messages speak.
 */
export async function noteForeignVote(turn: Turn, vote: Vote): Promise<void> {
  if (!mayCountElsewhere(turn) || isMembers(turn, vote)) return;
  const noted = turn.state.heardProposals.get(vote.proposalId)?.votes.size ?? 0;
  if (noted < LIMITS.heardVotes) await noteUncountedVote(turn, vote);
}

/** Notes a proposal that is refused here where a 3.0.0 member may take it, and the votes in it likewise (W1). */
export async function noteRefusedProposal(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
): Promise<void> {
  const { expectedVotersCount, proposalOwner, votes } = proposal;
  if (!mayCountElsewhere(turn)) return;
  if (expectedVotersCount > LIMITS.heardVotes || votes.length > LIMITS.heardBundledVotes) return;
  const { consensus } = turn.env.plugins;
  const verdict = await consensus.ingestProposal(consensus.empty(), proposal, consensusContext(turn));
  if (verdict.kind === "rejected") return;
  const proposer = memberIdFromBytes(proposalOwner);
  const credible = votes.filter(
    (vote) => memberIdFromBytes(vote.voteOwner) === proposer || !isMembers(turn, vote),
  );
  noteProposal(turn, { ...proposal, votes: credible }, request);
}

function isMembers(turn: Turn, { voteOwner }: Vote): boolean {
  return requireGroup(turn).members.includes(memberIdFromBytes(voteOwner));
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
