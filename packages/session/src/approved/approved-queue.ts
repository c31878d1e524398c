import { keepChanges, queueChanges } from "../changes/index.js";
import type { ApprovedChange } from "../model/changes.js";
import { isSameChange, type AddRequest, type ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { dropUncommittable } from "./uncommittable-changes.js";

/**
 * Queues an approved membership change, unless the same change is queued under another id.
 *
 * Where the mode allows it, changes that no commit can contain are removed: those whose target has left (weakness W9),
 * and the older of two key packages of one joiner (W10).
 */
export async function queueApproved(tx: ActiveTransaction, change: ApprovedChange): Promise<void> {
  const { approved } = tx.state.changes;
  if (approved.some(({ request }) => isSameChange(request, change.request))) return;
  const rival = policyOf(tx).dropsUncommittable ? rivalOf(approved, change.request) : undefined;
  if (rival === undefined) queueChanges(tx, [change]);
  else if (await isNewer(tx, change.request, rival.request)) {
    keepChanges(tx, (other) => other !== rival);
    queueChanges(tx, [change]);
  }
  await dropUncommittable(tx);
}

/** The approved add of the same joiner with another key package. */
function rivalOf(approved: readonly ApprovedChange[], request: ChangeRequest): ApprovedChange | undefined {
  if (request.kind !== "add") return undefined;
  return approved.find((other) => other.request.kind === "add" && other.request.member === request.member);
}

/**
 * Whether a joiner's key package is newer than its other one: it expires later or, if both expire at once, has the
 * greater reference. All members compare the same values, so they keep the same key package in any order of approval.
 */
async function isNewer(
  tx: ActiveTransaction,
  request: ChangeRequest,
  rival: ChangeRequest,
): Promise<boolean> {
  const { mls } = tx.env.plugins;
  const [ours, theirs] = await Promise.all(
    [request, rival].map((addition) => mls.inspectKeyPackage((addition as AddRequest).keyPackage)),
  );
  if (!ours?.ok) return false;
  if (!theirs?.ok) return true;
  if (ours.notAfterSeconds !== theirs.notAfterSeconds) return ours.notAfterSeconds > theirs.notAfterSeconds;
  return ours.reference > theirs.reference;
}
