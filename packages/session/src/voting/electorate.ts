import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { openRequests } from "./open-votes.js";
import { withEntry } from "../model/persistent-collections.js";
import { requireGroup, update, type Transaction } from "../model/transaction.js";

type RequestKind = ConversationUpdateRequest["kind"];

/**
 * Who of `members` votes on what is proposed, as the consensus plug-in says; `undefined` where that depends on a steward
 * list which is not known yet, or is being elected: members would come to different voters.
 */
export function electorateFor(
  tx: Transaction,
  kind: RequestKind,
  members = requireGroup(tx).members,
): readonly MemberId[] | undefined {
  const { consensus, stewards } = tx.env.plugins;
  const whateverTheList = consensus.electorate(kind, members, undefined);
  if (whateverTheList !== undefined) return whateverTheList;
  if (openRequests(tx).some((open) => open.kind === "steward_election")) return undefined;
  return consensus.electorate(kind, members, stewards.currentList(tx.state.stewards)?.members);
}

/** Notes who votes on a proposal: that stays so, whoever is elected, comes or goes while it is open. */
export function noteElectorate(tx: Transaction, proposalId: number, voters: readonly MemberId[]): void {
  update(tx, { electorates: withEntry(tx.state.electorates, proposalId, voters) });
}

/** Whether a member votes on a proposal that is open here. */
export function isVoter({ state }: Transaction, proposalId: number, member: MemberId): boolean {
  return state.electorates.get(proposalId)?.includes(member) ?? true;
}
