import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { openRequests, voteOf } from "./open-votes.js";

/**
 * Electorate of a request among `members`, as defined by the consensus plug-in. `undefined` if it depends on a steward
 * list that is unknown or being elected: members would disagree on it.
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

/** Whether a member is in the electorate of an open proposal. The electorate is fixed when the vote is opened. */
export function isVoter(tx: ActiveTransaction, proposalId: number, member: MemberId): boolean {
  return voteOf(tx, proposalId)?.voters?.includes(member) ?? true;
}
