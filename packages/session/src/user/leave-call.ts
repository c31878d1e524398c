import { selfLeaveProposalId } from "@demls/consensus";
import type { MemberId } from "@demls/wire/core";
import { filter, firstValueFrom, map, type Observable } from "rxjs";
import type { OpenedProposal } from "./membership-call.js";
import { isLeaveOf } from "../voting/self-leave.js";
import { awaitsOwnYes } from "../voting/signed-vote.js";
import type { ConversationState } from "../model/state.js";
import { removalTarget, removeRequest } from "../model/request.js";

/**
 * The proposal by which a member that has asked to leave does so, once there is one: it may have to wait for
 * the group to work again, and goes by whatever id was free.
 *
 * @param asked the state that asking led to.
 * @param states those that follow.
 * @returns the leave's usual id where the conversation ends without a vote.
 */
export function leaveProposal(
  self: MemberId,
  asked: ConversationState,
  states: Observable<ConversationState>,
): Promise<OpenedProposal> {
  const opened = openedLeave(self, asked);
  if (opened !== undefined) return Promise.resolve(opened);
  const proposals = states.pipe(
    map((state) => openedLeave(self, state)),
    filter((later) => later !== undefined),
  );
  return firstValueFrom(proposals, { defaultValue: endedLeave(self) });
}

function openedLeave(self: MemberId, state: ConversationState): OpenedProposal | undefined {
  if (state.phase === "ended") return endedLeave(self);
  const request = removeRequest(self);
  const approved = state.approved.find((proposal) => isLeaveOf(self, proposal));
  if (approved !== undefined) return { proposalId: approved.proposalId, request, isOut: true };
  const own = [...state.ownProposals].find(([, wanted]) => removalTarget(wanted) === self);
  if (own === undefined) return undefined;
  const [proposalId] = own;
  return { proposalId, request, isOut: !awaitsOwnYes(state, proposalId) };
}

function endedLeave(self: MemberId): OpenedProposal {
  return { proposalId: selfLeaveProposalId(self), request: removeRequest(self) };
}
