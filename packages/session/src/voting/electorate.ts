import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { openRequests, voteOf } from "./open-votes.js";

/**
 * Members among `members` that vote on a request, as the consensus plug-in says; `undefined` where that depends on a
 * steward list that is unknown or being elected: members would then count different voters.
 */
export function electorateFor(
  tx: ActiveTransaction,
  request: ChangeRequest,
  members = tx.state.group.members,
): readonly MemberId[] | undefined {
  const { consensus, stewards } = tx.env.plugins;
  const withoutList = consensus.electorate(request, members, undefined);
  if (withoutList !== undefined) return withoutList;
  if (openRequests(tx).some((open) => open.kind === "electStewards")) return undefined;
  return consensus.electorate(request, members, stewards.currentList(tx.state.stewards.list)?.members);
}

/**
 * Whether a member votes on a proposal that is open here. Voters are fixed when the vote is opened, whoever is
 * elected, joins or leaves meanwhile.
 */
export function isVoter(tx: ActiveTransaction, proposalId: number, member: MemberId): boolean {
  return voteOf(tx, proposalId)?.voters?.includes(member) ?? true;
}
