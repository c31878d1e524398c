import { voteMs } from "./vote-time.js";
import { recordsEpochs } from "../model/abilities.js";
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
  endsWithEpoch,
  evidenceOf,
  proposalKind,
  removalTarget,
  requestFromWire,
  type ChangeRequest,
} from "../model/request.js";
import { emit, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { awaitsSync } from "./awaits-sync.js";
import { banOf } from "./bans.js";
import { armDefaultVote, askForVote, joinersName } from "./cast-vote.js";
import { consensusContext } from "./consensus-context.js";
import { defaultVote, type DefaultVote } from "./default-vote.js";
import { noteExpectedElection } from "./election-validity.js";
import { electorateFor, removesBySilence } from "./electorate.js";
import { addsUnproved } from "../identity/identity-proof.js";
import { mayCountElsewhere, observeProposal, observeRejectedProposal } from "./observed-proposals.js";
import { trackVote } from "./open-votes.js";
import { membersIn } from "./past-epoch-votes.js";
import { bufferedGrounds, bufferPendingUpdate } from "./pending-updates.js";
import { isOversized, requestWithoutBulk, withoutBulk } from "./proposal-size.js";
import { groundsOf, type Grounds } from "./grounds.js";
import { makeRoomFor, opposeFlood, untimelyVote } from "./quotas.js";
import { takeBufferedVotes } from "./receive-vote.js";
import { reusesLeaveId } from "./self-leave.js";
import { decideVote } from "./decide-vote.js";
import { relayWithdrawalOf } from "./withdrawal.js";

/** Received proposal with its decoded request and its sender, authenticated by MLS. */
interface Received {
  readonly proposal: Proposal;
  readonly request: ChangeRequest;
  readonly sender: MemberId;
  /** Epoch of its encryption: the current or the previous one. */
  readonly epoch: bigint;
  /** Whether another member resends it, which may be long after its publication. */
  readonly isResent: boolean;
}

/** Time in ms that votes have to arrive on a resent proposal whose own time is over. */
const RESENT_VOTES_MS = 4_000;

/**
 * Handles another member's proposal and rejects oversized ones; see {@link openReceived}. If 3.0.0 members may approve
 * an oversized proposal, it is accepted in shortened form, so that its result is known.
 *
 * @param epoch epoch of its encryption: the current or the previous one.
 * @param isResent whether another member resends it.
 */
export async function receiveProposal(
  tx: ActiveTransaction,
  proposal: Proposal,
  sender: MemberId,
  epoch = tx.state.group.epoch,
  isResent = false,
): Promise<Handled> {
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  const request = decoded.ok ? requestFromWire(decoded.value) : undefined;
  if (request === undefined) {
    return handled(rejected("undecodable-request", decoded.ok ? undefined : decoded.reason, sender));
  }
  if (!isOversized(proposal, request))
    return openReceived(tx, { proposal, request, sender, epoch, isResent });
  if (!mayCountElsewhere(tx)) return handled(rejected("proposal-too-large", undefined, sender));
  const cut = requestWithoutBulk(request);
  const short = withoutBulk(proposal, cut);
  return openReceived(tx, { proposal: short, request: cut, sender, epoch, isResent });
}

/**
 * Opens the vote on another member's proposal, buffers its membership change, and requests this member's vote.
 *
 * A bundled vote must be the sender's own, and the number of voters must match the electorate: otherwise a few members
 * could decide for all (weakness W1).
 */
async function openReceived(tx: ActiveTransaction, received: Received): Promise<Handled> {
  const { proposal, sender } = received;
  const { proposalId } = proposal;
  // The record of the commit states the stewards.
  if (recordsEpochs(tx) && endsWithEpoch(received.request) && received.epoch < tx.state.group.epoch)
    return handled(ignored("past-epoch"));
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
  // Checked before the vote is opened, or the vote would count against itself.
  const untimely = isLeave(received) ? undefined : untimelyVote(tx, sender, proposalKind(request));
  const grounds = await groundsIn(tx, received);
  const vote = untimely ?? (await defaultVoteOn(tx, received, grounds));
  const leftMs = timeLeftMs(tx, received);
  // A member may withhold its proposal until the others have no time to vote: their silence would approve it.
  const isLate = received.isResent && leftMs <= tx.state.config.votingDelayMs;
  // By what the proposal says alone, so that members that know of different guests count alike: the bound withholds later.
  const silenceIsNo = grounds?.consent.kind === "byHand" || (isLate && request.kind !== "electStewards");
  const result = await env.plugins.consensus.ingestProposal(
    tx.state.votes.sessions,
    silenceIsNo ? { ...proposal, livenessCriteriaYes: false } : proposal,
    consensusContext(tx, received.isResent ? proposal.timestamp : undefined),
  );
  if (result.kind === "rejected") return handled(rejected("consensus", result.code, sender));
  observeProposal(tx, proposal, request);
  update(tx, "votes", { sessions: result.state });
  const deadlineMs = env.nowMs + (received.isResent ? Math.max(leftMs, RESENT_VOTES_MS) : leftMs);
  const consent = grounds && { consent: grounds.consent };
  const claimedName = await joinersName(tx, request);
  const tracked = { proposalId, request, proposer: sender, own: false, voters, deadlineMs };
  trackVote(tx, { ...tracked, claimedName, ...consent });
  noteExpectedElection(tx, proposalId, request, sender);
  if (vote.reason === "withdrawn") await relayWithdrawalOf(tx, request);
  // A buffered add would later be proposed by this member, so one that it rejects is not buffered.
  const isWanted = vote.vote || (request.kind === "remove" && vote.reason !== "too-many-proposals");
  if (isWanted) bufferPendingUpdate(tx, request, bufferedGrounds(grounds));
  // The time to vote on a resent proposal may be over: no other member would count this member's vote.
  if (result.decision === undefined && leftMs > 0) {
    if (untimely === undefined) await askForVote(tx, proposalId, sender, request, vote);
    else armDefaultVote(tx, proposalId, request, untimely);
  }
  // After the request of a vote, so that the application knows the proposal.
  for (const bundled of proposal.votes) {
    emit(tx, { kind: "voteCast", proposalId, voter: sender, vote: bundled.vote });
  }
  const facts = result.decision === undefined ? NO_FACTS : decideVote(tx, result.decision);
  opposeFlood(tx, sender);
  const later = await takeBufferedVotes(tx, proposalId);
  return handled(accepted("proposal", sender), [...facts, ...later]);
}

/**
 * Time until a received proposal is decided. For a resent one it is counted from its timestamp, so that this member
 * decides as the others did.
 */
function timeLeftMs(tx: ActiveTransaction, { proposal, isResent }: Received): number {
  const wholeMs = voteMs(tx, false);
  if (!isResent) return wholeMs;
  const endsAtMs = Number(proposal.timestamp) * 1_000 + wholeMs;
  return Math.min(wholeMs, endsAtMs - tx.env.nowWallMs);
}

/** Grounds of the addition that a proposal asks for, if it is one. */
async function groundsIn(tx: ActiveTransaction, received: Received): Promise<Grounds | undefined> {
  const { proposal, request, sender } = received;
  if (request.kind !== "add") return undefined;
  const byHand = !proposal.livenessCriteriaYes;
  return groundsOf(tx, request, {
    ...{ proposer: sender, vouches: hasOwnYes(received), byHand },
    proposedAt: proposal.timestamp,
  });
}

async function defaultVoteOn(
  tx: ActiveTransaction,
  received: Received,
  grounds: Grounds | undefined,
): Promise<DefaultVote> {
  const { proposal, request, sender } = received;
  if (reusesLeaveId(tx, proposal, request, sender)) return { vote: false, reason: "borrowed-leave-id" };
  if (request.kind === "add" && !hasOwnYes(received) && banOf(tx, request.member) !== undefined)
    return { vote: false, reason: "banned" };
  return defaultVote(tx, request, sender, tx.state.config.livenessCriteriaYes, grounds);
}

/**
 * Takes and handles the next buffered proposal whose electorate is known.
 *
 * @returns `undefined` if there is none.
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
  return (
    votersOf(tx, { proposal, request, sender, epoch: tx.state.group.epoch, isResent: false }) !== undefined
  );
}

/**
 * Electorate of a proposal: the leaver for a leave, otherwise the plug-in's electorate. `undefined` while it is
 * unknown, or while the proposal waits for the ConversationSync.
 */
function votersOf(tx: ActiveTransaction, received: Received): readonly MemberId[] | undefined {
  const { proposal, request, sender, epoch } = received;
  if (awaitsSync(tx, request)) return undefined;
  return isLeave(received) ? [sender] : electorateFor(tx, request, membersIn(tx, epoch), proposal.timestamp);
}

/** Whether the proposer's yes vote has come with the proposal. */
function hasOwnYes({ proposal }: Received): boolean {
  return proposal.votes.some(({ vote }) => vote);
}

function isLeave({ proposal, request, sender }: Received): boolean {
  return proposal.expectedVotersCount === 1 && removalTarget(request) === sender;
}

/** Notes a rejected proposal that other members may accept. With one voter, 3.0.0 accepts only a leave. */
async function observeRejected(tx: ActiveTransaction, received: Received): Promise<void> {
  const { proposal, request } = received;
  if (proposal.expectedVotersCount === 1 && !isLeave(received)) return;
  await observeRejectedProposal(tx, proposal, request);
}

/** Reason to reject a valid proposal: its number of voters, an unproved identity, or too many open proposals. */
async function refusalOf(
  tx: ActiveTransaction,
  received: Received,
  voters: readonly MemberId[],
): Promise<InboundOutcome | undefined> {
  const { proposal, request, sender } = received;
  const { proposalId, expectedVotersCount, votes } = proposal;
  if (expectedVotersCount !== voters.length) {
    await observeRejected(tx, received);
    const reason = expectedVotersCount === 1 ? "unauthorized-fast-path" : "wrong-expected-voters";
    return rejected(reason, undefined, sender);
  }
  if (votes.length > 0 && !voters.includes(sender)) return rejected("not-a-voter", undefined, sender);
  if (await addsUnproved(tx, request)) return rejected("unproved-identity", undefined, sender);
  // A leave with its vote is decided at once and needs no slot.
  const isDecided = isLeave(received) && votes.length > 0;
  if (isDecided || makeRoomFor(tx, proposalId, sender)) return undefined;
  return rejected("too-many-proposals", undefined, sender);
}

/** Whether an emergency names another member as its creator. */
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
  if (removesBySilence(tx, proposal, request, sender)) return "removal-by-silence";
  if (policy.rejectsForeignEvidence && hasForeignEvidence(request, sender)) return "borrowed-name";
  // Only the proposer's own vote may be bundled. The consensus plug-in rejects further votes only after it has verified
  // all signatures in the packet.
  if (proposal.votes.length > 1) return "foreign-vote";
  if (proposal.votes.some(({ voteOwner }) => memberIdFromBytes(voteOwner) !== sender)) return "foreign-vote";
  return undefined;
}
