import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { openRequests } from "./open-votes.js";
import { withEntry } from "./persistent-collections.js";
import { requireGroup, update, type Turn } from "./turn.js";

/**
 * Who of `members` votes on a request, as the consensus plug-in says; `undefined` where that depends on a steward
 * list which is not known yet, or is being elected: members would come to different voters.
 */
export function electorateFor(
  turn: Turn,
  request: ConversationUpdateRequest,
  members = requireGroup(turn).members,
): readonly MemberId[] | undefined {
  const { consensus, stewards } = turn.env.plugins;
  const whateverTheList = consensus.electorate(request, members, undefined);
  if (whateverTheList !== undefined) return whateverTheList;
  if (openRequests(turn).some((open) => open.kind === "steward_election")) return undefined;
  return consensus.electorate(request, members, stewards.currentList(turn.state.stewards)?.members);
}

/** Notes who votes on a proposal: that stays so, whoever is elected, comes or goes while it is open. */
export function noteElectorate(turn: Turn, proposalId: number, voters: readonly MemberId[]): void {
  update(turn, { electorates: withEntry(turn.state.electorates, proposalId, voters) });
}

/** Whether a member votes on a proposal that is open here. */
export function isVoter({ state }: Turn, proposalId: number, member: MemberId): boolean {
  return state.electorates.get(proposalId)?.includes(member) ?? true;
}
