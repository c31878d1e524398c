import { recordsEpochs } from "../model/abilities.js";
import type { ApprovedChange } from "../model/changes.js";
import { keepChanges } from "../changes/index.js";
import {
  foldProposalId,
  ID_RANDOM_BYTES,
  selfLeaveProposalId,
  selfLeaveProposalName,
} from "@demls/consensus";
import { encodeConversationUpdateRequest, type Proposal } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { isLeaveOf, isLeaveReceived, isLeaveUnpublished, isLeaving } from "../model/leaves.js";
import { removalTarget, removeRequest, requestToWire, type ChangeRequest } from "../model/request.js";
import { isPendingRemoval, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { castVote } from "./cast-vote.js";
import { forgetVote, ownOpenVotes, trackVote } from "./open-votes.js";
import { expirationSeconds } from "./propose.js";

/** Whether a proposal reuses the id of a member's leave without being that leave. */
export function reusesLeaveId(
  { state }: ActiveTransaction,
  { proposalId, expectedVotersCount }: Proposal,
  request: ChangeRequest,
  sender: MemberId,
): boolean {
  const owner = state.group.members.find((member) => selfLeaveProposalId(member) === proposalId);
  if (owner === undefined) return false;
  return owner !== sender || removalTarget(request) !== owner || expectedVotersCount !== 1;
}

/**
 * Requests this member's leave: it is proposed once the phase allows it.
 *
 * @param isFarewell - whether this member has joined in order to leave.
 */
export function requestLeave(tx: ActiveTransaction, isFarewell = false): void {
  update(tx, "leave", { requested: true, ...(isFarewell && { isFarewell }) });
}

/** Proposes the leave that this member has requested, unless its removal is approved already. */
export function proposeRequestedLeave(tx: ActiveTransaction): void {
  const { repeats } = tx.state.leave;
  update(tx, "leave", { requested: false, repeats: false });
  if (!isPendingRemoval(tx.state, tx.env.self) || repeats) proposeSelfLeave(tx);
}

/**
 * Proposes this member's leave, with itself as the only voter.
 *
 * All attempts use the same id, so that members recognise a repeated leave. If that id is in use, by a failed attempt
 * or by another member's proposal, members would confuse the two. The leave then gets a random id, which 3.0.0 members
 * accept as well.
 */
function proposeSelfLeave(tx: ActiveTransaction): void {
  const { env, state } = tx;
  const request = removeRequest(env.self);
  if (ownOpenVotes(tx).some((own) => removalTarget(own.request) === env.self)) return;
  const proposalId = freeLeaveId(tx);
  const opened = env.plugins.consensus.open(
    state.votes.sessions,
    {
      proposalId,
      name: selfLeaveProposalName(proposalId),
      payload: encodeConversationUpdateRequest(requestToWire(request)),
      owner: memberIdToBytes(env.self),
      expectedVoters: 1,
      expirationSeconds: expirationSeconds(tx),
      livenessCriteriaYes: true,
      rules: policyOf(tx).proposalRules,
    },
    env.nowSeconds,
  );
  update(tx, "votes", { sessions: opened.state });
  trackVote(tx, { proposalId, request, proposer: env.self, own: true, voters: [env.self] });
  castVote(tx, proposalId, true, { kind: "bundledYes", epoch: state.group.epoch });
}

function freeLeaveId({ env, state }: ActiveTransaction): number {
  const usual = selfLeaveProposalId(env.self);
  const { resolved, sessions } = state.votes;
  const isInUse = resolved.includes(usual) || env.plugins.consensus.tally(sessions, usual) !== undefined;
  return isInUse ? foldProposalId(env.random.bytes(ID_RANDOM_BYTES)) : usual;
}

/** An approved leave ends without its commit after this many inactivity timeouts and freezes. */
const LEAVE_PATIENCE = 3;

/** Time in ms for which a leave waits that no other member has received. */
const UNRECEIVED_LEAVE_MS = 24 * 3_600_000;

/**
 * Starts the timer that ends an approved leave without its commit. The others may have merged a commit that never
 * arrived, and this member would wait in `reelection` forever (weakness W12). Ending is safe once another member has
 * the leave: that member resends it, and the next commit of the others removes this member.
 */
export function armLeave(tx: ActiveTransaction): void {
  const { commitInactivityMs, freezeMs } = tx.state.config;
  update(tx, "leave", {
    dueAtMs: tx.state.leave.dueAtMs ?? tx.env.nowMs + LEAVE_PATIENCE * (commitInactivityMs + freezeMs),
    sentBy: tx.env.plugins.mls.generations(tx.state.group).application,
  });
}

/** Monotonic time at which an approved leave ends without its commit, if none is in sight. */
export function leaveDueMs(tx: ActiveTransaction): number | undefined {
  const { phase, leave } = tx.state;
  // While nobody can know of the leave, no freeze comes in a strict conversation.
  const isUnknown = phase === "working" && recordsEpochs(tx) && isLeaveUnpublished(tx);
  const isStuck = phase === "reelection" || phase === "selection" || isUnknown;
  if (!isStuck || leave.dueAtMs === undefined) return undefined;
  return leave.dueAtMs + (isLeaveReceived(tx) ? 0 : UNRECEIVED_LEAVE_MS);
}

/** Reverts a leave that was approved on this member but never published, so that it is proposed again. */
export function retractLeave(tx: ActiveTransaction, proposalId: number): void {
  const isOwn = (change: ApprovedChange): boolean =>
    change.proposalId === proposalId && isLeaveOf(tx.env.self, change);
  if (!tx.state.changes.approved.some(isOwn)) {
    if (recordsEpochs(tx)) repeatLeave(tx);
    return;
  }
  keepChanges(tx, (change) => !isOwn(change));
  update(tx, "leave", { requested: true, ...(!recordsEpochs(tx) && { dueAtMs: undefined }) });
}

/** Lets this member send its leave again, if it waits for its commit: the others may not have received it. */
export function repeatLeave(tx: ActiveTransaction): void {
  if (isLeaving(tx)) update(tx, "leave", { requested: true, repeats: true });
}

/** Deletes the earlier leave of a member that joined again: its next leave has the same id (weakness W30). */
export function forgetLeave(tx: ActiveTransaction, member: MemberId): void {
  const leave = selfLeaveProposalId(member);
  forgetVote(tx, leave);
  const { resolved } = tx.state.votes;
  update(tx, "votes", { resolved: resolved.filter((proposalId) => proposalId !== leave) });
}
