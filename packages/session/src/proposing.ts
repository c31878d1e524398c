import { foldProposalId, ID_RANDOM_BYTES, uuidV4 } from "@demls/consensus";
import { encodeConversationUpdateRequest, type ConversationUpdateRequest } from "@demls/wire";
import { DemlsError, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { hasRoomToCarryOut } from "./commit-room.js";
import { electorateFor, noteElectorate } from "./electorate.js";
import { noteProposal } from "./heard-proposals.js";
import type { CreatorVote } from "./input.js";
import { configuredVote, judgeOwnRequest } from "./judgement.js";
import { withEntry, withMember, withoutKey, withoutMember } from "./persistent-collections.js";
import { noteElection } from "./rogue-elections.js";
import { decide, emit, policyOf, requireGroup, sealAndEnqueue, update, type Turn } from "./turn.js";
import { hasTooManyOwnOpen } from "./proposal-limits.js";
import { requestBytesOf } from "./proposal-size.js";
import { evidenceOf, proposalKind, type ProposalKind } from "./update-request.js";
import type { AbandonReason } from "./traced-decision.js";
import { hasFreePlace } from "./vote-places.js";
import { askForVote, castVote } from "./voting.js";

/** Why a proposal cannot be opened now. */
export type ProposalBlock = "not-joined" | "wrong-phase" | "emergency-open" | "election-open";

/**
 * Whether this conversation takes a new proposal of `kind` from this member now: while working,
 * unless an emergency is open; in reelection only elections and emergencies; else none.
 */
export function proposalBlock(turn: Turn, kind: ProposalKind): ProposalBlock | undefined {
  const { phase, activeEmergencies } = turn.state;
  if (phase === "pending-join" || phase === "ended") return "not-joined";
  if (phase !== "working" && !(phase === "reelection" && kind !== "membership")) return "wrong-phase";
  return activeEmergencies.size > 0 && kind !== "emergency" ? "emergency-open" : undefined;
}

/** As {@link proposalBlock}, for a request: what stewards vote on waits until it is settled who they are. */
export function requestBlock(turn: Turn, request: ConversationUpdateRequest): ProposalBlock | undefined {
  const block = proposalBlock(turn, proposalKind(request));
  return block ?? (electorateFor(turn, request) === undefined ? "election-open" : undefined);
}

/**
 * Opens a proposal on this member's own wish, checked first.
 *
 * @returns the proposal's id.
 * @throws DemlsError `not-joined`, `wrong-phase`, `emergency-open`, `election-open`, `too-many-proposals`, `too-many-votes`, or what is wrong
 *   with the request: `request-too-large`, `incomplete-request`, `not-a-member`, `already-a-member`, `already-proposed`, `invalid-key-package`.
 */
export async function propose(
  turn: Turn,
  request: ConversationUpdateRequest,
  creatorVote: CreatorVote,
): Promise<number> {
  const block = requestBlock(turn, request);
  if (block !== undefined) throw blockedError(turn, block);
  await judgeOwnRequest(turn, request);
  if (hasTooManyOwnOpen(turn, proposalKind(request))) throw tooManyProposals(turn);
  if (!hasRoomForVote(turn, request)) throw tooManyVotes(turn);
  return openProposal(turn, request, creatorVote);
}

/**
 * Whether another vote fits without displacing one that is open, and what it may decide into the next commit.
 * A conversation remembers few proposals, and a displaced one is lost to whoever displaced it (weakness W11).
 */
export function hasRoomForVote(turn: Turn, request: ConversationUpdateRequest): boolean {
  if (!hasRoomToCarryOut(turn, request) || hasTooManyOwnOpen(turn, proposalKind(request))) return false;
  return hasFreePlace(turn);
}

/**
 * Opens a proposal that may be opened now; see {@link proposalBlock}.
 *
 * @throws DemlsError `request-too-large`; what the consensus plug-in refuses.
 */
export async function openProposal(
  turn: Turn,
  request: ConversationUpdateRequest,
  creatorVote: CreatorVote,
): Promise<number> {
  const { env, state } = turn;
  const group = requireGroup(turn);
  const { consensus } = env.plugins;
  const electorate = electorateFor(turn, request);
  if (electorate === undefined) throw blockedError(turn, "election-open");
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
      expirationSeconds: expirationSeconds(turn),
      livenessCriteriaYes: state.config.livenessCriteriaYes,
      rule: policyOf(turn).tallyRule,
      keepsActive: policyOf(turn).keepsOpenVotes,
    },
    env.nowSeconds,
  );
  const { proposalId } = proposal;
  // While the signer thinks, nobody votes: then only the proposal's lifetime bounds the wait.
  const isBundled = creatorVote === "yes" && electorate.includes(env.self);
  const patienceMs = isBundled
    ? state.config.proposalExpirationMs
    : policyOf(turn).consensusDeadlineMs(state.config, true);
  update(turn, {
    consensus: opened,
    ownProposals: withEntry(state.ownProposals, proposalId, request),
    voteDeadlines: withEntry(state.voteDeadlines, proposalId, env.nowMs + patienceMs),
    ...(request.kind === "emergency_criteria"
      ? { activeEmergencies: withMember(state.activeEmergencies, proposalId) }
      : {}),
  });
  noteElectorate(turn, proposalId, electorate);
  noteElection(turn, proposalId, request, env.self);
  if (isBundled) {
    castVote(turn, proposalId, true, { kind: "bundled-yes", epoch: group.epoch });
    return proposalId;
  }
  await sealAndEnqueue(turn, { kind: "proposal", proposal });
  noteProposal(turn, proposal, request);
  emit(turn, { kind: "ownProposalSubmitted", proposalId, request, bundled: false });
  askForVote(turn, proposalId, env.self, request, configuredVote(state.config.livenessCriteriaYes));
  return proposalId;
}

/** A proposal's lifetime as it travels, in whole seconds. */
export function expirationSeconds({ state }: Turn): bigint {
  return BigInt(Math.floor(state.config.proposalExpirationMs / 1_000));
}

/** Gives up an own proposal that never went out. */
export function abandonProposal(
  turn: Turn,
  proposalId: number,
  request: ConversationUpdateRequest,
  reason: AbandonReason,
): void {
  const { state } = turn;
  const target = evidenceOf(request)?.targetMemberId;
  update(turn, {
    consensus: turn.env.plugins.consensus.forget(state.consensus, proposalId),
    ownProposals: withoutKey(state.ownProposals, proposalId),
    voteDeadlines: withoutKey(state.voteDeadlines, proposalId),
    activeEmergencies: withoutMember(state.activeEmergencies, proposalId),
    ...(target === undefined
      ? {}
      : { scoreRemovals: withoutMember(state.scoreRemovals, memberIdFromBytes(target)) }),
  });
  decide(turn, { kind: "proposal-abandoned", proposalId, reason });
  emit(turn, { kind: "proposalDecided", proposalId, request, result: "failed" });
}

function blockedError(turn: Turn, block: ProposalBlock): DemlsError<ProposalBlock> {
  const name = JSON.stringify(turn.state.name);
  const details = {
    "not-joined": {
      message: `This member is not in the conversation ${name}.`,
      field: "conversation",
      remedy: "Wait for the joined event.",
    },
    "wrong-phase": {
      message: `The conversation ${name} takes no such proposal while it is ${turn.state.phase}.`,
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

function tooManyProposals(turn: Turn): DemlsError<"too-many-proposals"> {
  return new DemlsError("too-many-proposals", {
    message: `This member has as many open proposals in ${JSON.stringify(turn.state.name)} as the others take of it.`,
    remedy: "Try again after a proposalDecided.",
  });
}

function tooManyVotes(turn: Turn): DemlsError<"too-many-votes"> {
  return new DemlsError("too-many-votes", {
    message: `The conversation ${JSON.stringify(turn.state.name)} has as many open votes as it can keep, or as many changes under way as one commit holds.`,
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
