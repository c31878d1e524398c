import { decodeConversationUpdateRequest, type ConversationUpdateRequest, type Proposal } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { consensusContext } from "./consensus-context.js";
import { applyDecision } from "../step/apply-decision.js";
import { electorateFor, noteElectorate } from "./electorate.js";
import { mayCountElsewhere, observeProposal, observeRejectedProposal } from "./observed-proposals.js";
import { ignored, rejected, accepted, type InboundOutcome, type RejectedReason } from "../model/inbound-outcome.js";
import { takeBufferedVotes } from "./receive-vote.js";
import { defaultVote, type DefaultVote } from "./default-vote.js";
import { membersIn } from "./past-epoch-votes.js";
import { bufferPendingUpdate } from "./pending-updates.js";
import { appendBounded, withEntry, withMember } from "../model/persistent-collections.js";
import { emit, policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";
import { makeRoomFor, opposeFlood, untimelyVote } from "./quotas.js";
import { isOversized, requestWithoutBulk, withoutBulk } from "./proposal-size.js";
import { LIMITS } from "../model/limits.js";
import { awaitsSync, noteExpectedElection } from "./election-validity.js";
import { reusesLeaveId } from "./self-leave.js";
import { evidenceOf, proposalKind, removalTarget } from "../model/request.js";
import { armDefaultVote, askForVote } from "./cast-vote.js";

/**
 * Takes another member's proposal, unless it is longer than any that members make; see {@link takeProposal}. What
 * 3.0.0 members may approve all the same is taken without what makes it long, or its result would be unknown here.
 *
 * @param epoch in which it was sealed: this one, or the one before.
 */
export async function receiveProposal(
  tx: Transaction,
  proposal: Proposal,
  sender: MemberId,
  epoch = requireGroup(tx).epoch,
): Promise<InboundOutcome> {
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || decoded.value.kind === "empty") {
    return rejected("undecodable-request", decoded.ok ? undefined : decoded.reason, sender);
  }
  if (!isOversized(proposal, decoded.value))
    return takeProposal(tx, proposal, decoded.value, sender, epoch);
  if (!mayCountElsewhere(tx)) return rejected("proposal-too-large", undefined, sender);
  const request = requestWithoutBulk(decoded.value);
  return takeProposal(tx, withoutBulk(proposal, request), request, sender, epoch);
}

/**
 * Takes another member's proposal: opens its vote here, notes the change it asks for, and asks this
 * member for its vote.
 *
 * What travels with it must be the sender's own, and the number of voters this epoch's; otherwise
 * few could decide for many (weakness W1).
 */
async function takeProposal(
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  epoch: bigint,
): Promise<InboundOutcome> {
  const { env } = tx;
  const { proposalId } = proposal;
  const flaw = proposalFlaw(tx, proposal, request, sender, epoch);
  if (flaw !== undefined) {
    if (flaw === "foreign-vote") await noteRefused(tx, proposal, request, sender);
    return rejected(flaw, undefined, sender);
  }
  if (tx.state.resolved.includes(proposalId)) return ignored("decided-proposal");
  if (env.plugins.consensus.tally(tx.state.consensus, proposalId) !== undefined)
    return ignored("known-proposal");

  const voters = votersOf(tx, proposal, request, sender, membersIn(tx, epoch));
  if (voters === undefined) {
    const early = appendBounded(tx.state.bufferedProposals, { proposal, sender }, LIMITS.bufferedProposals);
    update(tx, { bufferedProposals: early });
    return { kind: "buffered", reason: "before-electorate" };
  }
  const refusal = await refusalOf(tx, proposal, request, sender, voters);
  if (refusal !== undefined) return refusal;

  // Judged before it is opened, or it would be its own rival.
  const untimely = isLeave(proposal, request, sender)
    ? undefined
    : untimelyVote(tx, sender, proposalKind(request));
  const judged = untimely ?? (await judge(tx, proposal, request, sender));
  const result = await env.plugins.consensus.ingestProposal(
    tx.state.consensus,
    proposal,
    consensusContext(tx),
  );
  if (result.kind === "rejected") return rejected("consensus", result.code, sender);
  observeProposal(tx, proposal, request);
  update(tx, {
    consensus: result.state,
    voteDeadlines: withEntry(
      tx.state.voteDeadlines,
      proposalId,
      env.nowMs + policyOf(tx).consensusDeadlineMs(tx.state.config, false),
    ),
  });
  noteElectorate(tx, proposalId, voters);
  noteExpectedElection(tx, proposalId, request, sender);
  if (request.kind === "emergency_criteria") {
    update(tx, { activeEmergencies: withMember(tx.state.activeEmergencies, proposalId) });
  }
  // An invitation that this member votes against must not come back as its own proposal.
  const isWish = judged.vote || (request.kind === "remove_member" && judged.reason !== "too-many-proposals");
  if (isWish) bufferPendingUpdate(tx, request);
  for (const bundled of proposal.votes) {
    emit(tx, { kind: "voteCast", proposalId, voter: sender, vote: bundled.vote });
  }
  if (result.decision !== undefined) await applyDecision(tx, result.decision);
  else if (untimely === undefined) askForVote(tx, proposalId, sender, request, judged);
  else armDefaultVote(tx, proposalId, request, untimely);
  opposeFlood(tx, sender);
  await takeBufferedVotes(tx, proposalId);
  return accepted("proposal", sender);
}

async function judge(
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): Promise<DefaultVote> {
  if (reusesLeaveId(tx, proposal, request, sender)) return { vote: false, reason: "borrowed-leave-id" };
  return defaultVote(tx, request, sender, tx.state.config.livenessCriteriaYes);
}

/** Takes the proposals that waited for their voters, once these are known. */
export async function takeBufferedProposals(tx: Transaction): Promise<void> {
  if (tx.state.group === undefined) return;
  for (const early of tx.state.bufferedProposals) {
    const { proposal, sender } = early;
    const decoded = decodeConversationUpdateRequest(proposal.payload);
    if (decoded.ok && votersOf(tx, proposal, decoded.value, sender) === undefined) continue;
    update(tx, { bufferedProposals: tx.state.bufferedProposals.filter((other) => other !== early) });
    await receiveProposal(tx, proposal, sender);
  }
}

/**
 * Who votes on a proposal: on a leave who leaves, else whom the consensus names; `undefined` while that is open, or
 * the sync to judge an election by has not come.
 */
function votersOf(
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  members?: readonly MemberId[],
): readonly MemberId[] | undefined {
  if (awaitsSync(tx, request)) return undefined;
  return isLeave(proposal, request, sender) ? [sender] : electorateFor(tx, request.kind, members);
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
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): Promise<void> {
  if (proposal.expectedVotersCount === 1 && !isLeave(proposal, request, sender)) return;
  await observeRejectedProposal(tx, proposal, request);
}

/** What speaks against a new proposal, apart from itself: who votes on it, and what else is open. */
async function refusalOf(
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  voters: readonly MemberId[],
): Promise<InboundOutcome | undefined> {
  const { expectedVotersCount, votes } = proposal;
  if (expectedVotersCount !== voters.length) {
    await noteRefused(tx, proposal, request, sender);
    const reason = expectedVotersCount === 1 ? "unauthorized-fast-path" : "wrong-expected-voters";
    return rejected(reason, undefined, sender);
  }
  if (votes.length > 0 && !voters.includes(sender)) return rejected("not-a-voter", undefined, sender);
  // A leave that is decided at once keeps no place.
  const isDecided = isLeave(proposal, request, sender) && votes.length > 0;
  if (isDecided || makeRoomFor(tx, proposal, sender)) return undefined;
  return rejected("too-many-proposals", undefined, sender);
}

/** Whether an emergency is declared in another member's name. */
function hasForeignEvidence(request: ConversationUpdateRequest, sender: MemberId): boolean {
  const evidence = evidenceOf(request);
  return evidence !== undefined && memberIdFromBytes(evidence.creatorMemberId) !== sender;
}

function proposalFlaw(
  tx: Transaction,
  proposal: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
  epoch: bigint,
): RejectedReason | undefined {
  const members = membersIn(tx, epoch);
  if (!members.includes(sender)) return "not-a-member";
  if (memberIdFromBytes(proposal.proposalOwner) !== sender) return "foreign-proposal-owner";
  if (policyOf(tx).rejectsReusedLeaveIds && reusesLeaveId(tx, proposal, request, sender)) {
    return "borrowed-leave-id";
  }
  if (policyOf(tx).rejectsForeignEvidence && hasForeignEvidence(request, sender)) return "borrowed-name";
  // Only the proposer's own vote may come along, and it has one. The consensus refuses a second too, but only
  // after it has verified the signatures of all that fit into a packet.
  if (proposal.votes.length > 1) return "foreign-vote";
  if (proposal.votes.some(({ voteOwner }) => memberIdFromBytes(voteOwner) !== sender)) return "foreign-vote";
  return undefined;
}
