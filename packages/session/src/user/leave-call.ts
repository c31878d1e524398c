import { selfLeaveProposalId } from "@demls/consensus";
import type { MemberId } from "@demls/wire/core";
import { filter, firstValueFrom, map, type Observable } from "rxjs";
import type { OpenedProposal } from "./membership-call.js";
import { isActive, type ConversationState } from "../model/state.js";
import { removalTarget, removeRequest } from "../model/request.js";
import { isLeaveOf } from "../model/leaves.js";

/**
 * Resolves to the proposal of a requested leave. The leave may wait for the working phase and take another id if the
 * usual one is in use.
 *
 * @param asked the state after the leave command.
 * @param states the states that follow.
 * @returns the leave's usual id if the conversation ends without a vote.
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
  if (!isActive(state)) return undefined;
  const approved = state.changes.approved.find((change) => isLeaveOf(self, change));
  if (approved !== undefined) return { proposalId: approved.proposalId, request, isPublished: true };
  const leave = [...state.votes.open.values()].find(
    ({ own, result, ...vote }) => own && result === undefined && removalTarget(vote.request) === self,
  );
  if (leave === undefined) return undefined;
  const isPublished = leave.signature?.purpose.kind !== "bundledYes";
  return { proposalId: leave.proposalId, request, isPublished };
}

function endedLeave(self: MemberId): OpenedProposal {
  return { proposalId: selfLeaveProposalId(self), request: removeRequest(self) };
}
