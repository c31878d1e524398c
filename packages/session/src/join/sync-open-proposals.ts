import { voteMs } from "../voting/vote-time.js";
import { queueEarlierChanges } from "../changes/index.js";
import {
  decodeConversationUpdateRequest,
  encodeConversationUpdateRequest,
  type OpenProposals,
  type Proposal,
} from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import type { ApprovedChange } from "../model/changes.js";
import type { Facts } from "../model/fact.js";
import { LIMITS } from "../model/limits.js";
import { membershipTarget, requestFromWire, requestToWire, type ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { consensusContext } from "../voting/consensus-context.js";
import { removesBySilence } from "../voting/electorate.js";
import { isUnexpectedElection, noteExpectedElection } from "../voting/election-validity.js";
import { addsUnproved } from "../identity/identity-proof.js";
import { keepSessions, openVotes, trackVote, updateVote } from "../voting/open-votes.js";
import { bufferPendingUpdate } from "../voting/pending-updates.js";
import { isOversized, sizeOf } from "../voting/proposal-size.js";
import { takeBufferedVotes } from "../voting/receive-vote.js";
import { decideVote } from "../voting/decide-vote.js";

/**
 * Approved changes and open votes for a joiner. Without them its next commit would differ from the others', and it
 * would lose the group (weakness W6). If they exceed `bytes`, the longest proposals are omitted first, so that no
 * member can displace the others with a long proposal.
 */
export function openProposalsForSync(tx: ActiveTransaction, bytes: number): OpenProposals | undefined {
  if (!policyOf(tx).syncCarriesOpenProposals) return undefined;
  const { consensus } = tx.env.plugins;
  const approved = tx.state.changes.approved.map(approvedToWire);
  const open = openVotes(tx)
    .filter(({ signature }) => signature?.purpose.kind !== "bundledYes")
    .filter(({ proposalId, request, proposer }) => {
      return request.kind !== "electStewards" || !isUnexpectedElection(tx, proposalId, request, proposer);
    })
    .flatMap(({ proposalId }) => consensus.tally(tx.state.votes.sessions, proposalId)?.proposal ?? []);
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

/** Fills only the fields that a joiner needs. */
function approvedToWire({ proposalId, request, proposer }: ApprovedChange): Proposal {
  return {
    name: "",
    payload: encodeConversationUpdateRequest(requestToWire(request)),
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

function requestIn({ payload }: Proposal): ChangeRequest | undefined {
  const decoded = decodeConversationUpdateRequest(payload);
  return decoded.ok ? requestFromWire(decoded.value) : undefined;
}

/**
 * Applies the approved changes and open votes from the member that added this one. That member vouches for the approved
 * changes and the electorates. The signature of each vote is verified. This member's vote is not requested, and it
 * casts no default vote.
 */
export async function applyOpenProposals(
  tx: ActiveTransaction,
  { approved, open }: OpenProposals,
): Promise<Facts> {
  const { consensus } = tx.env.plugins;
  const queue = approved.slice(0, LIMITS.commitChanges).flatMap(approvedFromWire);
  const known = new Set(tx.state.changes.approved.map(({ proposalId }) => proposalId));
  const missed: ApprovedChange[] = [];
  for (const change of queue)
    if (!known.has(change.proposalId) && !(await addsUnproved(tx, change.request))) missed.push(change);
  queueEarlierChanges(tx, missed);
  const facts: Facts[] = [];
  for (const proposal of open.slice(0, consensus.maxSessions)) facts.push(await applyOpenVote(tx, proposal));
  return facts.flat();
}

function approvedFromWire(proposal: Proposal): readonly ApprovedChange[] {
  const request = requestIn(proposal);
  if (request === undefined || membershipTarget(request) === undefined) return [];
  const proposer = memberIdFromBytes(proposal.proposalOwner);
  return [{ proposalId: proposal.proposalId, request, proposer }];
}

async function applyOpenVote(tx: ActiveTransaction, proposal: Proposal): Promise<Facts> {
  const { consensus } = tx.env.plugins;
  const { proposalId } = proposal;
  const request = requestIn(proposal);
  if (request === undefined || tx.state.votes.resolved.includes(proposalId)) return [];
  const proposer = memberIdFromBytes(proposal.proposalOwner);
  if (removesBySilence(tx, proposal, request, proposer) || (await addsUnproved(tx, request))) return [];
  // One member chooses these proposals, so even open ones are evicted beyond the bound.
  const judged = consensusContext(tx);
  const context = { ...judged, rules: { ...judged.rules, keepsActive: false } };
  // The votes are counted one by one, because the proposal may list them in another order than they were cast in.
  const unvoted = { ...proposal, votes: [] };
  if (isOversized(unvoted, request)) return [];
  const opened = await consensus.ingestProposal(tx.state.votes.sessions, unvoted, context);
  if (opened.kind === "rejected") return [];
  keepSessions(tx, opened.state);
  const deadlineMs = deadlineOf(tx, proposal);
  trackVote(tx, { proposalId, request, proposer, own: false, voters: undefined, deadlineMs });
  if (isOfPastEpoch(tx, request)) updateVote(tx, proposalId, { expectedElection: true });
  else noteExpectedElection(tx, proposalId, request, proposer);
  bufferPendingUpdate(tx, request);
  const facts: Facts[] = [];
  for (const vote of proposal.votes.slice(0, mostVotes(tx, proposal))) {
    const counted = await consensus.ingestVote(tx.state.votes.sessions, vote, context);
    keepSessions(tx, counted.state);
    if (counted.kind === "accepted" && counted.decision !== undefined)
      facts.push(decideVote(tx, counted.decision));
  }
  facts.push(await takeBufferedVotes(tx, proposalId));
  return facts.flat();
}

/** Bounds the votes to verify: each costs a signature check, and the proposal's number of voters is not verified. */
function mostVotes({ state }: ActiveTransaction, { expectedVotersCount }: Proposal): number {
  return Math.min(expectedVotersCount, state.group.members.length + LIMITS.commitChanges);
}

/**
 * Whether an election was derived in an epoch before this member joined. It does not know the members of that epoch.
 */
function isOfPastEpoch({ state }: ActiveTransaction, request: ChangeRequest): boolean {
  return request.kind === "electStewards" && request.electionEpoch < state.group.epoch;
}

/**
 * Deadline of a vote at the other members, from the second in which it was opened; at most that of a vote opened now.
 */
function deadlineOf(tx: ActiveTransaction, { timestamp }: Proposal): number {
  const { nowMs, nowSeconds } = tx.env;
  const timeoutMs = voteMs(tx, false);
  const ageMs = Math.max(0, Number(nowSeconds - timestamp) * 1_000);
  return nowMs + Math.max(0, timeoutMs - ageMs);
}
