import {
  decodeConversationUpdateRequest,
  encodeConversationUpdateRequest,
  type ConversationUpdateRequest,
  type OpenWork,
  type Proposal,
} from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { applyDecision } from "./decisions.js";
import { consensusContext } from "./consensus-context.js";
import { takeEarlyVotes } from "./incoming-vote.js";
import { LIMITS } from "./limits.js";
import { bufferPendingUpdate } from "./pending-updates.js";
import { withEntry, withMember } from "./persistent-collections.js";
import { isOversized, sizeOf } from "./proposal-size.js";
import { isRogueElection, noteElection } from "./rogue-elections.js";
import { awaitsOwnYes } from "./signed-votes.js";
import type { ApprovedProposal } from "./state.js";
import { policyOf, requireGroup, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

/**
 * What is approved and what is being voted on, for a joiner: without it, it would come to another next commit than
 * the others, and stay behind (weakness W6). What does not fit into `bytes` is left out, the longest first, so that
 * nobody keeps the rest from a joiner by a long proposal of its own.
 */
export function openWorkOf(turn: Turn, bytes: number): OpenWork | undefined {
  if (!policyOf(turn).syncCarriesOpenWork) return undefined;
  const approved = turn.state.approved.map(approvedOnWire);
  const open = turn.env.plugins.consensus
    .proposals(turn.state.consensus)
    .filter(({ state, proposalId }) => state === "active" && !awaitsOwnYes(turn.state, proposalId))
    .map(({ proposal }) => proposal)
    .filter((proposal) => !isRogue(turn, proposal));
  const fitting = shortestWithin([...approved, ...open], bytes);
  if (fitting.size === 0) return undefined;
  const isFitting = (proposal: Proposal): boolean => fitting.has(proposal);
  return { approved: approved.filter(isFitting), open: open.filter(isFitting) };
}

function shortestWithin(proposals: readonly Proposal[], bytes: number): ReadonlySet<Proposal> {
  const bySize = proposals
    .map((proposal) => ({ proposal, size: sizeOf(proposal) }))
    .sort((a, b) => a.size - b.size);
  let free = bytes;
  const fitting = bySize.filter(({ size }) => {
    free -= size;
    return free >= 0;
  });
  return new Set(fitting.map(({ proposal }) => proposal));
}

/** Only what a joiner needs of it is filled. */
function approvedOnWire({ proposalId, request, proposer }: ApprovedProposal): Proposal {
  return {
    name: "",
    payload: encodeConversationUpdateRequest(request),
    proposalId,
    proposalOwner: memberIdToBytes(proposer),
    votes: [],
    expectedVotersCount: 0,
    round: 0,
    timestamp: 0n,
    expirationTimestamp: 0n,
    livenessCriteriaYes: false,
  };
}

function isRogue(turn: Turn, { proposalId, proposalOwner, payload }: Proposal): boolean {
  const decoded = decodeConversationUpdateRequest(payload);
  if (!decoded.ok || decoded.value.kind !== "steward_election") return false;
  return isRogueElection(turn, proposalId, decoded.value, memberIdFromBytes(proposalOwner));
}

/**
 * Takes over what is open, as the member that let this one in says. It vouches for what was approved, and for whose
 * votes count; that these are their owners' is verified like that of any vote. This member was not asked, so it casts
 * none.
 */
export async function takeOpenWork(turn: Turn, { approved, open }: OpenWork): Promise<void> {
  if (!policyOf(turn).syncCarriesOpenWork) return;
  const { consensus } = turn.env.plugins;
  const queue = approved.slice(0, LIMITS.commitChanges).flatMap(approvedFromWire);
  const known = new Set(turn.state.approved.map(({ proposalId }) => proposalId));
  const missed = queue.filter(({ proposalId }) => !known.has(proposalId));
  update(turn, { approved: [...missed, ...turn.state.approved] });
  for (const proposal of open.slice(0, consensus.maxSessions)) await takeOpenVote(turn, proposal);
}

function approvedFromWire({ proposalId, payload, proposalOwner }: Proposal): readonly ApprovedProposal[] {
  const decoded = decodeConversationUpdateRequest(payload);
  if (!decoded.ok || membershipTarget(decoded.value) === undefined) return [];
  return [{ proposalId, request: decoded.value, proposer: memberIdFromBytes(proposalOwner) }];
}

async function takeOpenVote(turn: Turn, proposal: Proposal): Promise<void> {
  const { env } = turn;
  const { consensus } = env.plugins;
  const { proposalId } = proposal;
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || turn.state.resolved.includes(proposalId)) return;
  const request = decoded.value;
  // One member's word does not keep more than fit.
  const context = { ...consensusContext(turn), keepsActive: false };
  // Its votes one by one: the chain that they form at the one who sends them is not the order in which they came.
  const unvoted = { ...proposal, votes: [] };
  if (isOversized(unvoted, request)) return;
  const opened = await consensus.ingestProposal(turn.state.consensus, unvoted, context);
  if (opened.kind === "rejected") return;
  update(turn, {
    consensus: opened.state,
    voteDeadlines: withEntry(turn.state.voteDeadlines, proposalId, deadlineOf(turn, proposal)),
  });
  if (request.kind === "emergency_criteria") {
    update(turn, { activeEmergencies: withMember(turn.state.activeEmergencies, proposalId) });
  } else if (isOfPastEpoch(turn, request)) {
    update(turn, { expectedElections: withMember(turn.state.expectedElections, proposalId) });
  } else {
    noteElection(turn, proposalId, request, memberIdFromBytes(proposal.proposalOwner));
  }
  bufferPendingUpdate(turn, request);
  for (const vote of proposal.votes.slice(0, mostVotes(turn, proposal))) {
    const counted = await consensus.ingestVote(turn.state.consensus, vote, context);
    update(turn, { consensus: counted.state });
    if (counted.kind === "accepted" && counted.decision !== undefined)
      await applyDecision(turn, counted.decision);
  }
  await takeEarlyVotes(turn, proposalId);
}

/** Each vote costs a signature's check, and the proposal says itself how many voters it has. */
function mostVotes(turn: Turn, { expectedVotersCount }: Proposal): number {
  return Math.min(expectedVotersCount, requireGroup(turn).members.length + LIMITS.commitChanges);
}

/**
 * Whether an election was drawn from members of before this one came, whom only the others can know. Any other it
 * judges by itself.
 */
function isOfPastEpoch(turn: Turn, request: ConversationUpdateRequest): boolean {
  return request.kind === "steward_election" && request.electionEpoch < requireGroup(turn).epoch;
}

/** When the others settle a vote, by the second in which it was opened; never later than if it were opened now. */
function deadlineOf(turn: Turn, { timestamp }: Proposal): number {
  const { nowMs, nowSeconds } = turn.env;
  const timeoutMs = policyOf(turn).consensusDeadlineMs(turn.state.config, false);
  const ageMs = Math.max(0, Number(nowSeconds - timestamp) * 1_000);
  return nowMs + Math.max(0, timeoutMs - ageMs);
}
