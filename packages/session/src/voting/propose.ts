import { voteMs } from "./vote-time.js";
import { foldProposalId, ID_RANDOM_BYTES, uuidV4 } from "@demls/consensus";
import { encodeConversationUpdateRequest } from "@demls/wire";
import { DemlsError, memberIdToBytes } from "@demls/wire/core";
import { sealAndEnqueue } from "../messages/send.js";
import type { Consent } from "../model/changes.js";
import type { CreatorVote } from "../model/input.js";
import { proposalKind, requestToWire, type ChangeRequest, type ProposalKind } from "../model/request.js";
import type { AbandonReason } from "../model/traced-decision.js";
import { emit, policyOf, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { askForVote, castVote, joinersName } from "./cast-vote.js";
import { fitsNextCommit } from "./commit-capacity.js";
import { configuredVote, validateOwnRequest, type DefaultVote } from "./default-vote.js";
import { noteExpectedElection } from "./election-validity.js";
import { electorateFor, silenceAgrees } from "./electorate.js";
import { groundsOf } from "./grounds.js";
import { observeProposal } from "./observed-proposals.js";
import { forgetVote, isEmergencyOpen, trackVote, voteOf } from "./open-votes.js";
import { requestBytesOf } from "./proposal-size.js";
import { hasTooManyOwnOpen } from "./quotas.js";
import { hasFreeSlot } from "./session-slots.js";

/** Reason that a proposal cannot be opened now. */
export type ProposalBlock = "wrong-phase" | "emergency-open" | "election-open" | "no-voters";

/**
 * Reason that this member cannot open a proposal of `kind` now. In `working`, only an open emergency blocks; in
 * `reelection`, elections and emergencies are allowed; other phases allow none.
 */
export function proposalBlock(tx: ActiveTransaction, kind: ProposalKind): ProposalBlock | undefined {
  const { phase } = tx.state;
  if (phase !== "working" && !(phase === "reelection" && kind !== "membership")) return "wrong-phase";
  return kind !== "emergency" && isEmergencyOpen(tx) ? "emergency-open" : undefined;
}

/** As {@link proposalBlock}, for a request: if stewards vote on it, it waits for an open election. */
export function requestBlock(tx: ActiveTransaction, request: ChangeRequest): ProposalBlock | undefined {
  const block = proposalBlock(tx, proposalKind(request));
  const voters = block === undefined ? electorateFor(tx, request) : [];
  if (block === undefined && voters?.length === 0) return "no-voters";
  return block ?? (voters === undefined ? "election-open" : undefined);
}

/**
 * Opens a proposal for a command of this member, after checks.
 *
 * @returns the proposal id.
 * @throws DemlsError `wrong-phase`, `emergency-open`, `election-open`, `too-many-proposals`, `too-many-votes`, or for
 *   the request `request-too-large`, `incomplete-request`, `own-removal`, `not-a-member`, `already-a-member`,
 *   `already-proposed`, `invalid-key-package`.
 */
export async function propose(
  tx: ActiveTransaction,
  request: ChangeRequest,
  creatorVote: CreatorVote,
): Promise<number> {
  const block = requestBlock(tx, request);
  if (block !== undefined) throw blockedError(tx, block);
  await validateOwnRequest(tx, request);
  if (hasTooManyOwnOpen(tx, proposalKind(request))) throw tooManyProposals(tx);
  if (!hasRoomForVote(tx, request)) throw tooManyVotes(tx);
  return openProposal(tx, request, creatorVote);
}

/**
 * Whether another vote can be opened without evicting an open one, and its change fits the next commit. The number of
 * open proposals is bounded, and a member that evicts a vote loses it (weakness W11).
 */
export function hasRoomForVote(tx: ActiveTransaction, request: ChangeRequest): boolean {
  if (!fitsNextCommit(tx, request) || hasTooManyOwnOpen(tx, proposalKind(request))) return false;
  return hasFreeSlot(tx);
}

/**
 * Opens a proposal without checking {@link proposalBlock}.
 *
 * @throws DemlsError `request-too-large`; any error of the consensus plug-in.
 */
export async function openProposal(
  tx: ActiveTransaction,
  request: ChangeRequest,
  creatorVote: CreatorVote,
): Promise<number> {
  const { env, state } = tx;
  const voters = electorateFor(tx, request);
  if (voters === undefined) throw blockedError(tx, "election-open");
  const consent = await consentTo(tx, request, creatorVote);
  const payload = encodeConversationUpdateRequest(requestToWire(request));
  if (payload.length > requestBytesOf(request)) throw requestTooLarge(request);
  const opened = env.plugins.consensus.open(
    state.votes.sessions,
    {
      proposalId: foldProposalId(env.random.bytes(ID_RANDOM_BYTES)),
      name: uuidV4(env.random.bytes(ID_RANDOM_BYTES)),
      payload,
      owner: memberIdToBytes(env.self),
      expectedVoters: voters.length,
      expirationSeconds: expirationSeconds(tx),
      livenessCriteriaYes: consent?.kind !== "byHand" && silenceAgrees(tx, request),
      rules: policyOf(tx).proposalRules,
    },
    env.nowSeconds,
  );
  const { proposal } = opened;
  const { proposalId } = proposal;
  const claimedName = await joinersName(tx, request);
  // No member can vote until the vote is signed, so only the proposal's lifetime bounds the wait.
  const isBundled = creatorVote === "yes" && voters.includes(env.self);
  const patienceMs = isBundled ? state.config.proposalExpirationMs : voteMs(tx, true);
  update(tx, "votes", { sessions: opened.state });
  const deadlineMs = env.nowMs + patienceMs;
  const tracked = { proposalId, request, proposer: env.self, own: true, voters, deadlineMs };
  trackVote(tx, { ...tracked, claimedName, ...(consent && { consent }) });
  noteExpectedElection(tx, proposalId, request, env.self);
  if (isBundled) {
    castVote(tx, proposalId, true, { kind: "bundledYes", epoch: state.group.epoch });
    return proposalId;
  }
  await sealAndEnqueue(tx, { kind: "proposal", proposal });
  observeProposal(tx, proposal, request);
  emit(tx, { kind: "ownProposalSubmitted", proposalId, request, bundled: false });
  await askForVote(tx, proposalId, env.self, request, ownDefaultVote(tx, consent));
  return proposalId;
}

/** This member's default vote on its own proposal. */
function ownDefaultVote({ state }: ActiveTransaction, consent: Consent | undefined): DefaultVote {
  if (consent?.kind === "byHand") return { vote: false, reason: "not-admitted" };
  return configuredVote(state.config.livenessCriteriaYes);
}

/** Ground on which this member proposes a joiner. */
async function consentTo(
  tx: ActiveTransaction,
  request: ChangeRequest,
  creatorVote: CreatorVote,
): Promise<Consent | undefined> {
  if (request.kind !== "add") return undefined;
  const grounds = await groundsOf(tx, request, { proposer: tx.env.self, vouches: creatorVote === "yes" });
  return grounds && { ...grounds.consent, kind: grounds.isByHand ? "byHand" : "default" };
}

/** Lifetime of a proposal in seconds, as sent. */
export function expirationSeconds({ state }: ActiveTransaction): bigint {
  return BigInt(Math.floor(state.config.proposalExpirationMs / 1_000));
}

/** Abandons this member's unpublished proposal, unless it is decided. */
export function abandonProposal(tx: ActiveTransaction, proposalId: number, reason: AbandonReason): void {
  const vote = voteOf(tx, proposalId);
  if (vote === undefined || !vote.own || vote.result !== undefined) return;
  forgetVote(tx, proposalId);
  trace(tx, { kind: "proposalAbandoned", proposalId, reason });
  emit(tx, { kind: "proposalDecided", proposalId, request: vote.request, result: "failed" });
}

function blockedError(tx: ActiveTransaction, block: ProposalBlock): DemlsError<ProposalBlock> {
  const name = JSON.stringify(tx.state.name);
  const details = {
    "wrong-phase": {
      message: `The conversation ${name} does not accept this proposal in phase ${tx.state.phase}.`,
      remedy: "Try again after phaseChanged to working.",
    },
    "emergency-open": {
      message: `The conversation ${name} has an open emergency, which blocks other proposals.`,
      remedy: "Try again after the proposalDecided event of the emergency.",
    },
    "election-open": {
      message: `The conversation ${name} is electing the stewards that vote on this proposal.`,
      remedy: "Try again after stewardsChanged.",
    },
    "no-voters": {
      message: `In the conversation ${name} none but newcomers could vote on this removal.`,
      remedy: "Try again after their probation, or leave.",
    },
  }[block];
  return new DemlsError(block, details);
}

function tooManyProposals(tx: ActiveTransaction): DemlsError<"too-many-proposals"> {
  return new DemlsError("too-many-proposals", {
    message: `This member has the maximum number of open proposals in ${JSON.stringify(tx.state.name)}.`,
    remedy: "Try again after a proposalDecided event.",
  });
}

function tooManyVotes(tx: ActiveTransaction): DemlsError<"too-many-votes"> {
  return new DemlsError("too-many-votes", {
    message: `The conversation ${JSON.stringify(tx.state.name)} has the maximum number of open votes, or of changes for one commit.`,
    remedy: "Try again after a proposalDecided or commitApplied event.",
  });
}

function requestTooLarge(request: ChangeRequest): DemlsError<"request-too-large"> {
  return new DemlsError("request-too-large", {
    message: `The encoded request exceeds the maximum of ${requestBytesOf(request)} bytes.`,
    field: "request",
    remedy: "Shorten the key package, the steward list or the evidence.",
  });
}
