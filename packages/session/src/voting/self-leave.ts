import {
  foldProposalId,
  ID_RANDOM_BYTES,
  selfLeaveProposalId,
  selfLeaveProposalName,
} from "@demls/consensus";
import { encodeConversationUpdateRequest, type ConversationUpdateRequest, type Proposal } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { noteElectorate } from "./electorate.js";
import { withEntry } from "../model/persistent-collections.js";
import { expirationSeconds } from "./propose.js";
import type { ApprovedProposal } from "../model/state.js";
import { policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";
import { removalTarget, removeRequest } from "../model/request.js";
import { castVote } from "./cast-vote.js";

/** Whether an approved change is `member`'s own leave: it asked for its removal itself. The id says nothing. */
export function isLeaveOf(member: MemberId, { request, proposer }: ApprovedProposal): boolean {
  return proposer === member && removalTarget(request) === member;
}

/** Whether a proposal goes by the id of some member's leave, without being that leave. */
export function reusesLeaveId(
  tx: Transaction,
  { proposalId, expectedVotersCount }: Proposal,
  request: ConversationUpdateRequest,
  sender: MemberId,
): boolean {
  const owner = requireGroup(tx).members.find((member) => selfLeaveProposalId(member) === proposalId);
  if (owner === undefined) return false;
  return owner !== sender || removalTarget(request) !== owner || expectedVotersCount !== 1;
}

/**
 * Proposes this member's own removal: a vote of one.
 *
 * Its id is the same for every try, so that a repeated leave is recognised everywhere. Where that id is taken,
 * by a try that came to nothing or by another's proposal, members would take the leave for what they know:
 * then it goes by a random id, which 3.0.0 members take as well.
 */
export function proposeSelfLeave(tx: Transaction): void {
  const { env, state } = tx;
  const group = requireGroup(tx);
  const request = removeRequest(env.self);
  if ([...state.ownProposals.values()].some((own) => removalTarget(own) === env.self)) return;
  const proposalId = freeLeaveId(tx);
  const opened = env.plugins.consensus.open(
    state.consensus,
    {
      proposalId,
      name: selfLeaveProposalName(proposalId),
      payload: encodeConversationUpdateRequest(request),
      owner: memberIdToBytes(env.self),
      expectedVoters: 1,
      expirationSeconds: expirationSeconds(tx),
      livenessCriteriaYes: true,
      rule: policyOf(tx).tallyRule,
      keepsActive: policyOf(tx).keepsOpenVotes,
    },
    env.nowSeconds,
  );
  update(tx, {
    consensus: opened.state,
    ownProposals: withEntry(state.ownProposals, proposalId, request),
  });
  noteElectorate(tx, proposalId, [env.self]);
  castVote(tx, proposalId, true, { kind: "bundledYes", epoch: group.epoch });
}

function freeLeaveId({ env, state }: Transaction): number {
  const usual = selfLeaveProposalId(env.self);
  const isTaken =
    state.resolved.includes(usual) || env.plugins.consensus.tally(state.consensus, usual) !== undefined;
  return isTaken ? foldProposalId(env.random.bytes(ID_RANDOM_BYTES)) : usual;
}

/** A leave whose commit does not come is given up after this many times the longest that a commit should take. */
const LEAVE_PATIENCE = 3;

/**
 * Arms what ends an approved leave without its commit: the others may have merged one that never came here, and then
 * this member would wait in reelection for good (weakness W12). Whether they have or not, it may go: they know it wants
 * to, and remove it with their next commit.
 */
export function armLeave(tx: Transaction): void {
  const { commitInactivityMs, freezeMs } = tx.state.config;
  update(tx, { leaveDueMs: tx.env.nowMs + LEAVE_PATIENCE * (commitInactivityMs + freezeMs) });
}

/** When an approved leave is due without its commit: only in reelection, where this member has waited for one. */
export function leaveDueMs({ state }: Transaction): number | undefined {
  return state.phase === "reelection" ? state.leaveDueMs : undefined;
}

/** Takes back a leave that was approved here and never went out, so that it is proposed again. */
export function retractLeave(tx: Transaction, proposalId: number): void {
  const { approved } = tx.state;
  const kept = approved.filter(
    (proposal) => proposal.proposalId !== proposalId || !isLeaveOf(tx.env.self, proposal),
  );
  if (kept.length < approved.length) {
    update(tx, { approved: kept, leaveRequested: true, leaveDueMs: undefined });
  }
}

/** Whose leaves wait for their commit. */
export function pendingLeaves(
  approved: readonly ApprovedProposal[],
  members: readonly MemberId[],
): readonly MemberId[] {
  return members.filter((member) => approved.some((proposal) => isLeaveOf(member, proposal)));
}
