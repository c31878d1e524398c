import { foldProposalId, ID_RANDOM_BYTES, uuidV4 } from "@demls/consensus";
import { encodeConversationUpdateRequest, type ConversationUpdateRequest } from "@demls/wire";
import { DemlsError, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { fitsNextCommit } from "./commit-capacity.js";
import { electorateFor, noteElectorate } from "./electorate.js";
import { observeProposal } from "./observed-proposals.js";
import type { CreatorVote } from "../model/input.js";
import { configuredVote, validateOwnRequest } from "./default-vote.js";
import { withEntry, withMember, withoutKey, withoutMember } from "../model/persistent-collections.js";
import { noteExpectedElection } from "./election-validity.js";
import { trace, emit, policyOf, requireGroup, sealAndEnqueue, update, type Transaction } from "../model/transaction.js";
import { hasTooManyOwnOpen } from "./quotas.js";
import { requestBytesOf } from "./proposal-size.js";
import { evidenceOf, proposalKind, type ProposalKind } from "../model/request.js";
import type { AbandonReason } from "../model/traced-decision.js";
import { hasFreeSlot } from "./session-slots.js";
import { askForVote, castVote } from "./cast-vote.js";

/** Why a proposal cannot be opened now. */
export type ProposalBlock = "not-joined" | "wrong-phase" | "emergency-open" | "election-open";

/**
 * Whether this conversation takes a new proposal of `kind` from this member now: while working,
 * unless an emergency is open; in reelection only elections and emergencies; else none.
 */
export function proposalBlock(tx: Transaction, kind: ProposalKind): ProposalBlock | undefined {
  const { phase, activeEmergencies } = tx.state;
  if (phase === "pending-join" || phase === "ended") return "not-joined";
  if (phase !== "working" && !(phase === "reelection" && kind !== "membership")) return "wrong-phase";
  if (activeEmergencies.size > 0 && kind !== "emergency") return "emergency-open";
  // What stewards vote on waits until it is settled who they are.
  const isUnsettled = kind === "membership" && electorateFor(tx, "remove_member") === undefined;
  return isUnsettled ? "election-open" : undefined;
}

/**
 * Opens a proposal on this member's own wish, checked first.
 *
 * @returns the proposal's id.
 * @throws DemlsError `not-joined`, `wrong-phase`, `emergency-open`, `election-open`, `too-many-proposals`, `too-many-votes`, or what is wrong
 *   with the request: `request-too-large`, `incomplete-request`, `not-a-member`, `already-a-member`, `already-proposed`, `invalid-key-package`.
 */
export async function propose(
  tx: Transaction,
  request: ConversationUpdateRequest,
  creatorVote: CreatorVote,
): Promise<number> {
  const block = proposalBlock(tx, proposalKind(request));
  if (block !== undefined) throw blockedError(tx, block);
  await validateOwnRequest(tx, request);
  if (hasTooManyOwnOpen(tx, proposalKind(request))) throw tooManyProposals(tx);
  if (!hasRoomForVote(tx, request)) throw tooManyVotes(tx);
  return openProposal(tx, request, creatorVote);
}

/**
 * Whether another vote fits without displacing one that is open, and what it may decide into the next commit.
 * A conversation remembers few proposals, and a displaced one is lost to whoever displaced it (weakness W11).
 */
export function hasRoomForVote(tx: Transaction, request: ConversationUpdateRequest): boolean {
  if (!fitsNextCommit(tx, request) || hasTooManyOwnOpen(tx, proposalKind(request))) return false;
  return hasFreeSlot(tx);
}

/**
 * Opens a proposal that may be opened now; see {@link proposalBlock}.
 *
 * @throws DemlsError `request-too-large`; what the consensus plug-in refuses.
 */
export async function openProposal(
  tx: Transaction,
  request: ConversationUpdateRequest,
  creatorVote: CreatorVote,
): Promise<number> {
  const { env, state } = tx;
  const group = requireGroup(tx);
  const { consensus } = env.plugins;
  const electorate = electorateFor(tx, request.kind);
  if (electorate === undefined) throw blockedError(tx, "election-open");
  const payload = encodeConversationUpdateRequest(request);
  if (payload.length > requestBytesOf(request)) throw requestTooLarge(request);
  const { state: opened, proposal } = consensus.open(
    state.consensus,
    {
      proposalId: foldProposalId(env.random.bytes(ID_RANDOM_BYTES)),
      name: uuidV4(env.random.bytes(ID_RANDOM_BYTES)),
      payload,
      owner: memberIdToBytes(env.self),
      expectedVoters: electorate.length,
      expirationSeconds: expirationSeconds(tx),
      livenessCriteriaYes: state.config.livenessCriteriaYes,
      rule: policyOf(tx).tallyRule,
      keepsActive: policyOf(tx).keepsOpenVotes,
    },
    env.nowSeconds,
  );
  const { proposalId } = proposal;
  // While the signer thinks, nobody votes: then only the proposal's lifetime bounds the wait.
  const isBundled = creatorVote === "yes" && electorate.includes(env.self);
  const patienceMs = isBundled
    ? state.config.proposalExpirationMs
    : policyOf(tx).consensusDeadlineMs(state.config, true);
  update(tx, {
    consensus: opened,
    ownProposals: withEntry(state.ownProposals, proposalId, request),
    voteDeadlines: withEntry(state.voteDeadlines, proposalId, env.nowMs + patienceMs),
    ...(request.kind === "emergency_criteria"
      ? { activeEmergencies: withMember(state.activeEmergencies, proposalId) }
      : {}),
  });
  noteElectorate(tx, proposalId, electorate);
  noteExpectedElection(tx, proposalId, request, env.self);
  if (isBundled) {
    castVote(tx, proposalId, true, { kind: "bundledYes", epoch: group.epoch });
    return proposalId;
  }
  await sealAndEnqueue(tx, { kind: "proposal", proposal });
  observeProposal(tx, proposal, request);
  emit(tx, { kind: "ownProposalSubmitted", proposalId, request, bundled: false });
  askForVote(tx, proposalId, env.self, request, configuredVote(state.config.livenessCriteriaYes));
  return proposalId;
}

/** A proposal's lifetime as it travels, in whole seconds. */
export function expirationSeconds({ state }: Transaction): bigint {
  return BigInt(Math.floor(state.config.proposalExpirationMs / 1_000));
}

/** Gives up an own proposal that never went out. */
export function abandonProposal(
  tx: Transaction,
  proposalId: number,
  request: ConversationUpdateRequest,
  reason: AbandonReason,
): void {
  const { state } = tx;
  const target = evidenceOf(request)?.targetMemberId;
  update(tx, {
    consensus: tx.env.plugins.consensus.forget(state.consensus, proposalId),
    ownProposals: withoutKey(state.ownProposals, proposalId),
    voteDeadlines: withoutKey(state.voteDeadlines, proposalId),
    activeEmergencies: withoutMember(state.activeEmergencies, proposalId),
    ...(target === undefined
      ? {}
      : { scoreRemovals: withoutMember(state.scoreRemovals, memberIdFromBytes(target)) }),
  });
  trace(tx, { kind: "proposalAbandoned", proposalId, reason });
  emit(tx, { kind: "proposalDecided", proposalId, request, result: "failed" });
}

function blockedError(tx: Transaction, block: ProposalBlock): DemlsError<ProposalBlock> {
  const name = JSON.stringify(tx.state.name);
  const details = {
    "not-joined": {
      message: `This member is not in the conversation ${name}.`,
      field: "conversation",
      remedy: "Wait for the joined event.",
    },
    "wrong-phase": {
      message: `The conversation ${name} takes no such proposal while it is ${tx.state.phase}.`,
      remedy: "Try again after phaseChanged says working.",
    },
    "emergency-open": {
      message: `The conversation ${name} is voting on an emergency; other proposals wait.`,
      remedy: "Try again after its proposalDecided.",
    },
    "election-open": {
      message: `The conversation ${name} is electing the stewards who vote on this.`,
      remedy: "Try again after stewardsChanged.",
    },
  }[block];
  return new DemlsError(block, details);
}

function tooManyProposals(tx: Transaction): DemlsError<"too-many-proposals"> {
  return new DemlsError("too-many-proposals", {
    message: `This member has as many open proposals in ${JSON.stringify(tx.state.name)} as the others take of it.`,
    remedy: "Try again after a proposalDecided.",
  });
}

function tooManyVotes(tx: Transaction): DemlsError<"too-many-votes"> {
  return new DemlsError("too-many-votes", {
    message: `The conversation ${JSON.stringify(tx.state.name)} has as many open votes as it can keep, or as many changes under way as one commit holds.`,
    remedy: "Try again after a proposalDecided, or after commitApplied.",
  });
}

function requestTooLarge(request: ConversationUpdateRequest): DemlsError<"request-too-large"> {
  return new DemlsError("request-too-large", {
    message: `Such a request may have ${requestBytesOf(request)} bytes when it is encoded.`,
    field: "request",
    remedy: "Leave out what the members need not know to decide.",
  });
}
