import { decodeConversationUpdateRequest, type Proposal } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { handled, NO_FACTS, type Facts, type Handled } from "../model/fact.js";
import {
  accepted,
  ignored,
  rejected,
  type InboundOutcome,
  type RejectedReason,
} from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import {
  evidenceOf,
  proposalKind,
  removalTarget,
  requestFromWire,
  type ChangeRequest,
} from "../model/request.js";
import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { armDefaultVote, askForVote } from "./cast-vote.js";
import { consensusContext } from "./consensus-context.js";
import { defaultVote, type DefaultVote } from "./default-vote.js";
import { awaitsSync, noteExpectedElection } from "./election-validity.js";
import { electorateFor } from "./electorate.js";
import { mayCountElsewhere, observeProposal, observeRejectedProposal } from "./observed-proposals.js";
import { trackVote } from "./open-votes.js";
import { membersIn } from "./past-epoch-votes.js";
import { bufferPendingUpdate } from "./pending-updates.js";
import { isOversized, requestWithoutBulk, withoutBulk } from "./proposal-size.js";
import { makeRoomFor, opposeFlood, untimelyVote } from "./quotas.js";
import { takeBufferedVotes } from "./receive-vote.js";
import { reusesLeaveId } from "./self-leave.js";
import { decideVote } from "./decide-vote.js";

/** A received proposal, its request decoded and its sender authenticated by MLS. */
interface Received {
  readonly proposal: Proposal;
  readonly request: ChangeRequest;
  readonly sender: MemberId;
  /** The epoch it was sealed in: this one, or the one before. */
  readonly epoch: bigint;
}

/**
 * Handles another member's proposal, unless it is longer than any that members make; see {@link openReceived}. Where
 * 3.0.0 members may approve a longer one, it is accepted without its bulk, or its result would be unknown here.
 *
 * @param epoch the epoch it was sealed in: this one, or the one before.
 */
export async function receiveProposal(
  tx: ActiveTransaction,
  proposal: Proposal,
  sender: MemberId,
  epoch = tx.state.group.epoch,
): Promise<Handled> {
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  const request = decoded.ok ? requestFromWire(decoded.value) : undefined;
  if (request === undefined) {
    return handled(rejected("undecodable-request", decoded.ok ? undefined : decoded.reason, sender));
  }
  if (!isOversized(proposal, request)) return openReceived(tx, { proposal, request, sender, epoch });
  if (!mayCountElsewhere(tx)) return handled(rejected("proposal-too-large", undefined, sender));
  const cut = requestWithoutBulk(request);
  return openReceived(tx, { proposal: withoutBulk(proposal, cut), request: cut, sender, epoch });
}

/**
 * Opens the vote on another member's proposal, buffers the change that it asks for, and asks this member for its vote.
 *
 * A bundled vote must be the sender's own, and the number of voters this epoch's: otherwise a few members could decide
 * for many (weakness W1).
 */
async function openReceived(tx: ActiveTransaction, received: Received): Promise<Handled> {
  const { proposal, sender } = received;
  const { proposalId } = proposal;
  const flaw = proposalFlaw(tx, received);
  if (flaw !== undefined) {
    if (flaw === "foreign-vote") await observeRejected(tx, received);
    return handled(rejected(flaw, undefined, sender));
  }
  const { resolved, sessions } = tx.state.votes;
  if (resolved.includes(proposalId)) return handled(ignored("decided-proposal"));
  if (tx.env.plugins.consensus.tally(sessions, proposalId) !== undefined)
    return handled(ignored("known-proposal"));

  const voters = votersOf(tx, received);
  if (voters === undefined) {
    const { bufferedProposals } = tx.state.votes;
    const kept = appendBounded(bufferedProposals, { proposal, sender }, LIMITS.bufferedProposals);
    update(tx, "votes", { bufferedProposals: kept });
    return handled({ kind: "buffered", reason: "before-electorate" });
  }
  const refusal = await refusalOf(tx, received, voters);
  if (refusal !== undefined) return handled(refusal);
  return openVote(tx, received, voters);
}

async function openVote(
  tx: ActiveTransaction,
  received: Received,
  voters: readonly MemberId[],
): Promise<Handled> {
  const { env } = tx;
  const { proposal, request, sender } = received;
  const { proposalId } = proposal;
  // Checked before the vote is opened, which would otherwise be its own rival.
  const untimely = isLeave(received) ? undefined : untimelyVote(tx, sender, proposalKind(request));
  const vote = untimely ?? (await defaultVoteOn(tx, received));
  const result = await env.plugins.consensus.ingestProposal(
    tx.state.votes.sessions,
    proposal,
    consensusContext(tx),
  );
  if (result.kind === "rejected") return handled(rejected("consensus", result.code, sender));
  observeProposal(tx, proposal, request);
  update(tx, "votes", { sessions: result.state });
  const deadlineMs = env.nowMs + policyOf(tx).consensusDeadlineMs(tx.state.config, false);
  trackVote(tx, { proposalId, request, proposer: sender, own: false, voters, deadlineMs });
  noteExpectedElection(tx, proposalId, request, sender);
  // An addition that this member votes against must not come back as its own proposal.
  const isWanted = vote.vote || (request.kind === "remove" && vote.reason !== "too-many-proposals");
  if (isWanted) bufferPendingUpdate(tx, request);
  for (const bundled of proposal.votes) {
    emit(tx, { kind: "voteCast", proposalId, voter: sender, vote: bundled.vote });
  }
  const facts = result.decision === undefined ? NO_FACTS : decideVote(tx, result.decision);
  if (result.decision === undefined) {
    if (untimely === undefined) askForVote(tx, proposalId, sender, request, vote);
    else armDefaultVote(tx, proposalId, request, untimely);
  }
  opposeFlood(tx, sender);
  const later = await takeBufferedVotes(tx, proposalId);
  return handled(accepted("proposal", sender), [...facts, ...later]);
}

async function defaultVoteOn(tx: ActiveTransaction, received: Received): Promise<DefaultVote> {
  const { proposal, request, sender } = received;
  if (reusesLeaveId(tx, proposal, request, sender)) return { vote: false, reason: "borrowed-leave-id" };
  return defaultVote(tx, request, sender, tx.state.config.livenessCriteriaYes);
}

/**
 * Takes the next buffered proposal whose voters are known by now, and handles it.
 *
 * @returns `undefined` where none is left.
 */
export async function takeBufferedProposal(tx: ActiveTransaction): Promise<Facts | undefined> {
  const { bufferedProposals } = tx.state.votes;
  const ready = bufferedProposals.find((buffered) => hasVoters(tx, buffered.proposal, buffered.sender));
  if (ready === undefined) return undefined;
  update(tx, "votes", { bufferedProposals: bufferedProposals.filter((other) => other !== ready) });
  return (await receiveProposal(tx, ready.proposal, ready.sender)).facts;
}

function hasVoters(tx: ActiveTransaction, proposal: Proposal, sender: MemberId): boolean {
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  const request = decoded.ok ? requestFromWire(decoded.value) : undefined;
  if (request === undefined) return true;
  return votersOf(tx, { proposal, request, sender, epoch: tx.state.group.epoch }) !== undefined;
}

/**
 * The voters of a proposal: of a leave the leaver, otherwise those that the consensus plug-in names; `undefined` while
 * they are unknown, or while the sync to check an election by is missing.
 */
function votersOf(tx: ActiveTransaction, received: Received): readonly MemberId[] | undefined {
  const { request, sender, epoch } = received;
  if (awaitsSync(tx, request)) return undefined;
  return isLeave(received) ? [sender] : electorateFor(tx, request, membersIn(tx, epoch));
}

function isLeave({ proposal, request, sender }: Received): boolean {
  return proposal.expectedVotersCount === 1 && removalTarget(request) === sender;
}

/** Notes a proposal that is rejected here and may be accepted by others. 3.0.0 decides only a leave by one voter. */
async function observeRejected(tx: ActiveTransaction, received: Received): Promise<void> {
  const { proposal, request } = received;
  if (proposal.expectedVotersCount === 1 && !isLeave(received)) return;
  await observeRejectedProposal(tx, proposal, request);
}

/** Reason to refuse a well-formed proposal: its number of voters, or the proposals that are open already. */
async function refusalOf(
  tx: ActiveTransaction,
  received: Received,
  voters: readonly MemberId[],
): Promise<InboundOutcome | undefined> {
  const { proposal, sender } = received;
  const { proposalId, expectedVotersCount, votes } = proposal;
  if (expectedVotersCount !== voters.length) {
    await observeRejected(tx, received);
    const reason = expectedVotersCount === 1 ? "unauthorized-fast-path" : "wrong-expected-voters";
    return rejected(reason, undefined, sender);
  }
  if (votes.length > 0 && !voters.includes(sender)) return rejected("not-a-voter", undefined, sender);
  // A leave that is decided at once uses no slot.
  const isDecided = isLeave(received) && votes.length > 0;
  if (isDecided || makeRoomFor(tx, proposalId, sender)) return undefined;
  return rejected("too-many-proposals", undefined, sender);
}

/** Whether an emergency is declared in another member's name. */
function hasForeignEvidence(request: ChangeRequest, sender: MemberId): boolean {
  const evidence = evidenceOf(request);
  return evidence !== undefined && evidence.creator !== sender;
}

function proposalFlaw(tx: ActiveTransaction, received: Received): RejectedReason | undefined {
  const { proposal, request, sender, epoch } = received;
  const policy = policyOf(tx);
  if (!membersIn(tx, epoch).includes(sender)) return "not-a-member";
  if (memberIdFromBytes(proposal.proposalOwner) !== sender) return "foreign-proposal-owner";
  if (policy.rejectsReusedLeaveIds && reusesLeaveId(tx, proposal, request, sender))
    return "borrowed-leave-id";
  if (policy.rejectsForeignEvidence && hasForeignEvidence(request, sender)) return "borrowed-name";
  // Only the proposer's own vote may come along, and it has one. The consensus plug-in rejects a second too, but only
  // after it has verified the signatures of all that fit into a packet.
  if (proposal.votes.length > 1) return "foreign-vote";
  if (proposal.votes.some(({ voteOwner }) => memberIdFromBytes(voteOwner) !== sender)) return "foreign-vote";
  return undefined;
}
