import { decodeConversationUpdateRequest, type ConversationUpdateRequest, type Proposal } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { applyDecision } from "./decisions.js";
import { mayCountElsewhere, noteProposal } from "./heard-proposals.js";
import { ignored, rejected, taken, type InboundOutcome, type RejectedReason } from "./inbound-outcome.js";
import { takeEarlyVotes } from "./incoming-vote.js";
import { defaultVote, type DefaultVote } from "./judgement.js";
import { bufferPendingUpdate } from "./pending-updates.js";
import { withEntry, withMember } from "./persistent-collections.js";
import { consensusContext } from "./consensus-context.js";
import { emit, policyOf, requireGroup, update, type Turn } from "./turn.js";
import { noteElection } from "./rogue-elections.js";
import { borrowsLeaveId } from "./self-leave.js";
import { evidenceOf, removalTarget } from "./update-request.js";
import { askForVote } from "./voting.js";

/**
 * Takes another member's proposal: opens its vote here, notes the change it asks for, and asks this
 * member for its vote.
 *
 * What travels with it must be the sender's own, and the number of voters this epoch's; otherwise
 * few could decide for many (weakness W1).
 */
export async function receiveProposal(
  turn: Turn,
  proposal: Proposal,
  sender: MemberId,
): Promise<InboundOutcome> {
  const { env } = turn;
  const { proposalId } = proposal;
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || decoded.value.kind === "empty") {
    return rejected("undecodable-request", decoded.ok ? undefined : decoded.reason, sender);
  }
  const request = decoded.value;
  const flaw = proposalFlaw(turn, proposal, request, sender);
  if (flaw !== undefined) {
    const isTakenElsewhere = flaw === "foreign-vote" || flaw === "wrong-expected-voters";
    if (isTakenElsewhere && mayCountElsewhere(turn)) noteProposal(turn, proposal, request);
    return rejected(flaw, undefined, sender);
  }
  if (turn.state.resolved.includes(proposalId)) return ignored("decided-proposal");
  if (env.plugins.consensus.tally(turn.state.consensus, proposalId) !== undefined)
    return ignored("known-proposal");

  // Judged before it is opened, or it would be its own rival.
  const judged: DefaultVote = borrowsLeaveId(turn, proposal, request, sender)
    ? { vote: false, reason: "borrowed-leave-id" }
    : await defaultVote(turn, request, sender, turn.state.config.livenessCriteriaYes);
  const result = await env.plugins.consensus.ingestProposal(
    turn.state.consensus,
    proposal,
    consensusContext(turn),
  );
  if (result.kind === "rejected") return rejected("consensus", result.code, sender);
  noteProposal(turn, proposal, request);
  update(turn, {
    consensus: result.state,
    voteDeadlines: withEntry(
      turn.state.voteDeadlines,
      proposalId,
      env.nowMs + policyOf(turn).consensusDeadlineMs(turn.state.config, false),
    ),
  });
  noteElection(turn, proposalId, request, sender);
  if (request.kind === "emergency_criteria") {
    update(turn, { activeEmergencies: withMember(turn.state.activeEmergencies, proposalId) });
  }
  // An invitation that this member votes against must not come back as its own proposal.
  if (judged.vote || request.kind === "remove_member") bufferPendingUpdate(turn, request);
  for (const bundled of proposal.votes) {
    emit(turn, { kind: "voteCast", proposalId, voter: sender, vote: bundled.vote });
  }
  if (result.decision !== undefined) await applyDecision(turn, result.decision);
  else askForVote(turn, proposalId, sender, request, judged);
  await takeEarlyVotes(turn, proposalId);
  return taken("proposal", sender);
}

/** Whether an emergency is declared in another member's name. */
function borrowsName(request: ConversationUpdateRequest, sender: MemberId): boolean {
  const evidence = evidenceOf(request);
  return evidence !== undefined && memberIdFromBytes(evidence.creatorMemberId) !== sender;
}

function proposalFlaw(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): RejectedReason | undefined {
  const { members } = requireGroup(turn);
  if (!members.includes(sender)) return "not-a-member";
  if (memberIdFromBytes(proposal.proposalOwner) !== sender) return "foreign-proposal-owner";
  if (policyOf(turn).refusesBorrowedLeaveIds && borrowsLeaveId(turn, proposal, request, sender)) {
    return "borrowed-leave-id";
  }
  if (policyOf(turn).refusesBorrowedNames && borrowsName(request, sender)) return "borrowed-name";
  // Only the proposer's own vote may come along, and it has one. The consensus refuses a second too, but only
  // after it has verified the signatures of all that fit into a packet.
  if (proposal.votes.length > 1) return "foreign-vote";
  if (proposal.votes.some(({ voteOwner }) => memberIdFromBytes(voteOwner) !== sender)) return "foreign-vote";
  if (proposal.expectedVotersCount === 1) {
    return removalTarget(request) === sender ? undefined : "unauthorized-fast-path";
  }
  const { stewards, consensus } = turn.env.plugins;
  const list = stewards.currentList(turn.state.stewards)?.members ?? [];
  const electorate = consensus.electorate(request.kind, members, list);
  return proposal.expectedVotersCount === electorate.length ? undefined : "wrong-expected-voters";
}
