import { decodeConversationUpdateRequest, type ConversationUpdateRequest, type Proposal } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { consensusContext } from "./consensus-context.js";
import { applyDecision } from "./decisions.js";
import { electorateFor, noteElectorate } from "./electorate.js";
import { mayCountElsewhere, noteProposal, noteRefusedProposal } from "./heard-proposals.js";
import { ignored, rejected, taken, type InboundOutcome, type RejectedReason } from "./inbound-outcome.js";
import { takeEarlyVotes } from "./incoming-vote.js";
import { defaultVote, type DefaultVote } from "./judgement.js";
import { membersIn } from "./overtaken-votes.js";
import { bufferPendingUpdate } from "./pending-updates.js";
import { appendBounded, withEntry, withMember } from "./persistent-collections.js";
import { emit, policyOf, requireGroup, update, type Turn } from "./turn.js";
import { makeRoomFor, opposeFlood, untimelyVote } from "./proposal-limits.js";
import { isOversized, requestWithoutBulk, withoutBulk } from "./proposal-size.js";
import { LIMITS } from "./limits.js";
import { awaitsSync, noteElection } from "./rogue-elections.js";
import { borrowsLeaveId } from "./self-leave.js";
import { evidenceOf, proposalKind, removalTarget } from "./update-request.js";
import { armVote, askForVote } from "./voting.js";

/**
 * Takes another member's proposal, unless it is longer than any that members make; see {@link takeProposal}. What
 * 3.0.0 members may approve all the same is taken without what makes it long, or its result would be unknown here.
 *
 * @param epoch in which it was sealed: this one, or the one before.
 */
export async function receiveProposal(
  turn: Turn,
  proposal: Proposal,
  sender: MemberId,
  epoch = requireGroup(turn).epoch,
): Promise<InboundOutcome> {
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || decoded.value.kind === "empty") {
    return rejected("undecodable-request", decoded.ok ? undefined : decoded.reason, sender);
  }
  if (!isOversized(proposal, decoded.value))
    return takeProposal(turn, proposal, decoded.value, sender, epoch);
  if (!mayCountElsewhere(turn)) return rejected("proposal-too-large", undefined, sender);
  const request = requestWithoutBulk(decoded.value);
  return takeProposal(turn, withoutBulk(proposal, request), request, sender, epoch);
}

/**
 * Takes another member's proposal: opens its vote here, notes the change it asks for, and asks this
 * member for its vote.
 *
 * What travels with it must be the sender's own, and the number of voters this epoch's; otherwise
 * few could decide for many (weakness W1).
 */
async function takeProposal(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  epoch: bigint,
): Promise<InboundOutcome> {
  const { env } = turn;
  const { proposalId } = proposal;
  const flaw = proposalFlaw(turn, proposal, request, sender, epoch);
  if (flaw !== undefined) {
    if (flaw === "foreign-vote") await noteRefused(turn, proposal, request, sender);
    return rejected(flaw, undefined, sender);
  }
  if (turn.state.resolved.includes(proposalId)) return ignored("decided-proposal");
  if (env.plugins.consensus.tally(turn.state.consensus, proposalId) !== undefined)
    return ignored("known-proposal");

  const voters = votersOf(turn, proposal, request, sender, membersIn(turn, epoch));
  if (voters === undefined) {
    const early = appendBounded(turn.state.earlyProposals, { proposal, sender }, LIMITS.earlyProposals);
    update(turn, { earlyProposals: early });
    return { kind: "buffered", reason: "before-electorate" };
  }
  const refusal = await refusalOf(turn, proposal, request, sender, voters);
  if (refusal !== undefined) return refusal;

  // Judged before it is opened, or it would be its own rival.
  const untimely = isLeave(proposal, request, sender)
    ? undefined
    : untimelyVote(turn, sender, proposalKind(request));
  const judged = untimely ?? (await judge(turn, proposal, request, sender));
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
  noteElectorate(turn, proposalId, voters);
  noteElection(turn, proposalId, request, sender);
  if (request.kind === "emergency_criteria") {
    update(turn, { activeEmergencies: withMember(turn.state.activeEmergencies, proposalId) });
  }
  // An invitation that this member votes against must not come back as its own proposal.
  const isWish = judged.vote || (request.kind === "remove_member" && judged.reason !== "too-many-proposals");
  if (isWish) bufferPendingUpdate(turn, request);
  for (const bundled of proposal.votes) {
    emit(turn, { kind: "voteCast", proposalId, voter: sender, vote: bundled.vote });
  }
  if (result.decision !== undefined) await applyDecision(turn, result.decision);
  else if (untimely === undefined) askForVote(turn, proposalId, sender, request, judged);
  else armVote(turn, proposalId, request, untimely);
  opposeFlood(turn, sender);
  await takeEarlyVotes(turn, proposalId);
  return taken("proposal", sender);
}

async function judge(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): Promise<DefaultVote> {
  if (borrowsLeaveId(turn, proposal, request, sender)) return { vote: false, reason: "borrowed-leave-id" };
  return defaultVote(turn, request, sender, turn.state.config.livenessCriteriaYes);
}

/** Takes the proposals that waited for their voters, once these are known. */
export async function takeEarlyProposals(turn: Turn): Promise<void> {
  if (turn.state.group === undefined) return;
  for (const early of turn.state.earlyProposals) {
    const { proposal, sender } = early;
    const decoded = decodeConversationUpdateRequest(proposal.payload);
    if (decoded.ok && votersOf(turn, proposal, decoded.value, sender) === undefined) continue;
    update(turn, { earlyProposals: turn.state.earlyProposals.filter((other) => other !== early) });
    await receiveProposal(turn, proposal, sender);
  }
}

/**
 * Who votes on a proposal: on a leave who leaves, else whom the consensus names; `undefined` while that is open, or
 * the sync to judge an election by has not come.
 */
function votersOf(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  members?: readonly MemberId[],
): readonly MemberId[] | undefined {
  if (awaitsSync(turn, request)) return undefined;
  return isLeave(proposal, request, sender) ? [sender] : electorateFor(turn, request, members);
}

function isLeave(
  { expectedVotersCount }: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): boolean {
  return expectedVotersCount === 1 && removalTarget(request) === sender;
}

/** Notes what is refused here and may be taken by others. What one voter is to decide 3.0.0 takes as a leave only. */
async function noteRefused(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): Promise<void> {
  if (proposal.expectedVotersCount === 1 && !isLeave(proposal, request, sender)) return;
  await noteRefusedProposal(turn, proposal, request);
}

/** What speaks against a new proposal, apart from itself: who votes on it, and what else is open. */
async function refusalOf(
  turn: Turn,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  voters: readonly MemberId[],
): Promise<InboundOutcome | undefined> {
  const { expectedVotersCount, votes } = proposal;
  if (expectedVotersCount !== voters.length) {
    await noteRefused(turn, proposal, request, sender);
    const reason = expectedVotersCount === 1 ? "unauthorized-fast-path" : "wrong-expected-voters";
    return rejected(reason, undefined, sender);
  }
  if (votes.length > 0 && !voters.includes(sender)) return rejected("not-a-voter", undefined, sender);
  // A leave that is decided at once keeps no place.
  const isDecided = isLeave(proposal, request, sender) && votes.length > 0;
  if (isDecided || makeRoomFor(turn, proposal, sender)) return undefined;
  return rejected("too-many-proposals", undefined, sender);
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
  epoch: bigint,
): RejectedReason | undefined {
  const members = membersIn(turn, epoch);
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
  return undefined;
}
