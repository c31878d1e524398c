import { repairsGaps } from "./abilities.js";
import type { MemberId } from "@demls/wire/core";
import type { ApprovedChange } from "./changes.js";
import { removalTarget } from "./request.js";
import type { ActiveTransaction } from "./transaction.js";
import { unpublishedProposal } from "./unpublished-proposal.js";

/** Whether an approved change is `member`'s leave, that is, proposed by itself. The id does not matter. */
export function isLeaveOf(member: MemberId, { request, proposer }: ApprovedChange): boolean {
  return proposer === member && removalTarget(request) === member;
}

/** Whether another member is known to have this member's leave. Without reports of it, whether it is published. */
export function isLeaveReceived(tx: ActiveTransaction): boolean {
  const { leave, repair } = tx.state;
  if (repairsGaps(tx)) return repair.delivered >= leave.sentBy;
  return !isLeaveUnpublished(tx);
}

/** Whether this member's approved leave waits to be published, so that nobody can know of it. */
export function isLeaveUnpublished(tx: ActiveTransaction): boolean {
  return tx.state.changes.approved.some(
    (change) => isLeaveOf(tx.env.self, change) && unpublishedProposal(tx, change.proposalId) !== undefined,
  );
}

/** Whether this member's leave waits for its commit. */
export function isLeaving({ env, state }: ActiveTransaction): boolean {
  return pendingLeaves(state.changes.approved, [env.self]).length > 0;
}

/** Members whose leave waits for its commit. */
export function pendingLeaves(
  approved: readonly ApprovedChange[],
  members: readonly MemberId[],
): readonly MemberId[] {
  return members.filter((member) => approved.some((change) => isLeaveOf(member, change)));
}
