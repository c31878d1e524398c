import type { Proposal } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { partingMember, removalTarget, type ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { isNewcomer, settledAmong } from "./newcomers.js";
import { openRequests, voteOf } from "./open-votes.js";

/**
 * Electorate of a request among `members`, as defined by the consensus plug-in. `undefined` if it depends on a steward
 * list that is unknown or being elected: members would disagree on it.
 *
 * The target of a removal has no vote, unless silence can remove it. Newcomers vote on joiners alone. If the plug-in
 * names only the target and newcomers, all other settled members vote.
 *
 * @param atSeconds - time that the proposal states; now by default.
 * @returns an empty list if none but newcomers could vote on the removal of the only settled member.
 */
export function electorateFor(
  tx: ActiveTransaction,
  request: ChangeRequest,
  members = tx.state.group.members,
  atSeconds = tx.env.nowSeconds,
): readonly MemberId[] | undefined {
  const named = votersByPlugin(tx, request, members);
  if (named === undefined || request.kind === "add") return named;
  const settled = settledAmong(tx, members, atSeconds);
  const voters = named.filter((voter) => settled.includes(voter));
  const target = votelessTarget(tx, request);
  const others = voters.filter((voter) => voter !== target);
  return others.length > 0 ? others : settled.filter((member) => member !== target);
}

function votersByPlugin(
  tx: ActiveTransaction,
  request: ChangeRequest,
  members: readonly MemberId[],
): readonly MemberId[] | undefined {
  const { consensus, stewards } = tx.env.plugins;
  const withoutList = consensus.electorate(request, members, undefined);
  if (withoutList !== undefined) return withoutList;
  if (openRequests(tx).some((open) => open.kind === "electStewards")) return undefined;
  return consensus.electorate(request, members, stewards.currentList(tx.state.stewards.list)?.members);
}

/** Target of a removal that is not a leave, where the mode gives it no vote (weakness W48). */
function votelessTarget(tx: ActiveTransaction, request: ChangeRequest): MemberId | undefined {
  return policyOf(tx).removalsNeedVotes ? partingMember(request) : undefined;
}

/**
 * Whether a member is in the electorate of an open proposal. The electorate is fixed when the vote is opened. That of a
 * vote from a ConversationSync is unknown, except for the target of a removal.
 */
export function isVoter(tx: ActiveTransaction, proposalId: number, member: MemberId): boolean {
  const vote = voteOf(tx, proposalId);
  if (vote === undefined) return true;
  const { proposer, request, voters } = vote;
  if (voters !== undefined) return voters.includes(member);
  if (request.kind !== "add" && isNewcomer(tx, member)) return false;
  return proposer === member || votelessTarget(tx, request) !== member;
}

/** Whether silence counts as yes on a request that is not a leave. */
export function silenceAgrees(tx: ActiveTransaction, request: ChangeRequest): boolean {
  return tx.state.config.livenessCriteriaYes && votelessTarget(tx, request) === undefined;
}

/** Whether a proposal would remove a member by the silence of others, where the mode forbids it (weakness W48). */
export function removesBySilence(
  tx: ActiveTransaction,
  { expectedVotersCount, livenessCriteriaYes }: Proposal,
  request: ChangeRequest,
  proposer: MemberId,
): boolean {
  const isLeave = expectedVotersCount === 1 && removalTarget(request) === proposer;
  return livenessCriteriaYes && !isLeave && votelessTarget(tx, request) !== undefined;
}
