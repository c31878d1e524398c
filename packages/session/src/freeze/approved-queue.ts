import type { ConversationUpdateRequest } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import type { ApprovedProposal } from "../model/state.js";
import { dropUncommittable } from "./uncommittable-changes.js";
import { policyOf, update, type Transaction } from "../model/transaction.js";
import { isSameChange } from "../model/request.js";

type Invitation = Extract<ConversationUpdateRequest, { kind: "invite_member" }>;

/**
 * Queues a membership change for the next commit, unless the queue has the same one under another id.
 *
 * Where the mode allows it, what no commit could hold leaves the queue again: a change whose target is gone
 * (weakness W9), and the older of two key packages of one joiner (W10).
 */
export async function queueApproved(tx: Transaction, proposal: ApprovedProposal): Promise<void> {
  const { approved } = tx.state;
  if (approved.some(({ request }) => isSameChange(request, proposal.request))) return;
  const rival = policyOf(tx).dropsUncommittable ? rivalOf(approved, proposal.request) : undefined;
  if (rival === undefined) update(tx, { approved: [...approved, proposal] });
  else if (await isNewer(tx, proposal.request, rival.request)) {
    update(tx, { approved: [...approved.filter((other) => other !== rival), proposal] });
  }
  dropUncommittable(tx);
}

/** The approved invitation of the same joiner by another key package. */
function rivalOf(
  approved: readonly ApprovedProposal[],
  request: ConversationUpdateRequest,
): ApprovedProposal | undefined {
  if (request.kind !== "invite_member") return undefined;
  return approved.find(
    (other) => other.request.kind === "invite_member" && bytesEqual(other.request.identity, request.identity),
  );
}

/**
 * Whether a joiner's key package is newer than its other one: it lives longer, or as long with the greater
 * reference. Both are in the key packages themselves, so that members in which they were approved in another
 * order keep the same one.
 */
async function isNewer(
  tx: Transaction,
  request: ConversationUpdateRequest,
  rival: ConversationUpdateRequest,
): Promise<boolean> {
  const { mls } = tx.env.plugins;
  const [ours, theirs] = await Promise.all(
    [request, rival].map((invitation) => mls.inspectKeyPackage((invitation as Invitation).keyPackageBytes)),
  );
  if (!ours?.ok) return false;
  if (!theirs?.ok) return true;
  if (ours.notAfterSeconds !== theirs.notAfterSeconds) return ours.notAfterSeconds > theirs.notAfterSeconds;
  return ours.reference > theirs.reference;
}
