import {
  decodeConversationUpdateRequest,
  encodeConversationUpdateRequest,
  type ConversationUpdateRequest,
  type OpenWork,
  type Proposal,
} from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { applyDecision } from "../step/apply-decision.js";
import { consensusContext } from "../voting/consensus-context.js";
import { takeBufferedVotes } from "../voting/receive-vote.js";
import { LIMITS } from "../model/limits.js";
import { bufferPendingUpdate } from "../voting/pending-updates.js";
import { withEntry, withMember } from "../model/persistent-collections.js";
import { isOversized, sizeOf } from "../voting/proposal-size.js";
import { isUnexpectedElection, noteExpectedElection } from "../voting/election-validity.js";
import { awaitsOwnYes } from "../voting/signed-vote.js";
import type { ApprovedProposal } from "../model/state.js";
import { policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";
import { membershipTarget } from "../model/request.js";

/**
 * What is approved and what is being voted on, for a joiner: without it, it would come to another next commit than
 * the others, and stay behind (weakness W6). What does not fit into `bytes` is left out, the longest first, so that
 * nobody keeps the rest from a joiner by a long proposal of its own.
 */
export function openProposalsForSync(tx: Transaction, bytes: number): OpenWork | undefined {
  if (!policyOf(tx).syncCarriesOpenProposals) return undefined;
  const approved = tx.state.approved.map(approvedOnWire);
  const open = tx.env.plugins.consensus
    .proposals(tx.state.consensus)
    .filter(({ state, proposalId }) => state === "active" && !awaitsOwnYes(tx.state, proposalId))
    .map(({ proposal }) => proposal)
    .filter((proposal) => !isUnexpected(tx, proposal));
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

function isUnexpected(tx: Transaction, { proposalId, proposalOwner, payload }: Proposal): boolean {
  const decoded = decodeConversationUpdateRequest(payload);
  if (!decoded.ok || decoded.value.kind !== "steward_election") return false;
  return isUnexpectedElection(tx, proposalId, decoded.value, memberIdFromBytes(proposalOwner));
}

/**
 * Takes over what is open, as the member that let this one in says. It vouches for what was approved, and for whose
 * votes count; that these are their owners' is verified like that of any vote. This member was not asked, so it casts
 * none.
 */
export async function applyOpenProposals(tx: Transaction, { approved, open }: OpenWork): Promise<void> {
  if (!policyOf(tx).syncCarriesOpenProposals) return;
  const { consensus } = tx.env.plugins;
  const queue = approved.slice(0, LIMITS.commitChanges).flatMap(approvedFromWire);
  const known = new Set(tx.state.approved.map(({ proposalId }) => proposalId));
  const missed = queue.filter(({ proposalId }) => !known.has(proposalId));
  update(tx, { approved: [...missed, ...tx.state.approved] });
  for (const proposal of open.slice(0, consensus.maxSessions)) await applyOpenVote(tx, proposal);
}

function approvedFromWire({ proposalId, payload, proposalOwner }: Proposal): readonly ApprovedProposal[] {
  const decoded = decodeConversationUpdateRequest(payload);
  if (!decoded.ok || membershipTarget(decoded.value) === undefined) return [];
  return [{ proposalId, request: decoded.value, proposer: memberIdFromBytes(proposalOwner) }];
}

async function applyOpenVote(tx: Transaction, proposal: Proposal): Promise<void> {
  const { env } = tx;
  const { consensus } = env.plugins;
  const { proposalId } = proposal;
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || tx.state.resolved.includes(proposalId)) return;
  const request = decoded.value;
  // One member's word does not keep more than fit.
  const context = { ...consensusContext(tx), keepsActive: false };
  // Its votes one by one: the chain that they form at the one who sends them is not the order in which they came.
  const unvoted = { ...proposal, votes: [] };
  if (isOversized(unvoted, request)) return;
  const opened = await consensus.ingestProposal(tx.state.consensus, unvoted, context);
  if (opened.kind === "rejected") return;
  update(tx, {
    consensus: opened.state,
    voteDeadlines: withEntry(tx.state.voteDeadlines, proposalId, deadlineOf(tx, proposal)),
  });
  if (request.kind === "emergency_criteria") {
    update(tx, { activeEmergencies: withMember(tx.state.activeEmergencies, proposalId) });
  } else if (isOfPastEpoch(tx, request)) {
    update(tx, { expectedElections: withMember(tx.state.expectedElections, proposalId) });
  } else {
    noteExpectedElection(tx, proposalId, request, memberIdFromBytes(proposal.proposalOwner));
  }
  bufferPendingUpdate(tx, request);
  for (const vote of proposal.votes.slice(0, mostVotes(tx, proposal))) {
    const counted = await consensus.ingestVote(tx.state.consensus, vote, context);
    update(tx, { consensus: counted.state });
    if (counted.kind === "accepted" && counted.decision !== undefined)
      await applyDecision(tx, counted.decision);
  }
  await takeBufferedVotes(tx, proposalId);
}

/** Each vote costs a signature's check, and the proposal says itself how many voters it has. */
function mostVotes(tx: Transaction, { expectedVotersCount }: Proposal): number {
  return Math.min(expectedVotersCount, requireGroup(tx).members.length + LIMITS.commitChanges);
}

/**
 * Whether an election was drawn from members of before this one came, whom only the others can know. Any other it
 * judges by itself.
 */
function isOfPastEpoch(tx: Transaction, request: ConversationUpdateRequest): boolean {
  return request.kind === "steward_election" && request.electionEpoch < requireGroup(tx).epoch;
}

/** When the others settle a vote, by the second in which it was opened; never later than if it were opened now. */
function deadlineOf(tx: Transaction, { timestamp }: Proposal): number {
  const { nowMs, nowSeconds } = tx.env;
  const timeoutMs = policyOf(tx).consensusDeadlineMs(tx.state.config, false);
  const ageMs = Math.max(0, Number(nowSeconds - timestamp) * 1_000);
  return nowMs + Math.max(0, timeoutMs - ageMs);
}
