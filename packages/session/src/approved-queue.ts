import type { ConversationUpdateRequest } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import type { ApprovedProposal } from "./state.js";
import { dropStuckWork } from "./stuck-work.js";
import { policyOf, update, type Turn } from "./turn.js";
import { isSameChange } from "./update-request.js";

type Invitation = Extract<ConversationUpdateRequest, { kind: "invite_member" }>;

/**
 * Queues a membership change for the next commit, unless the queue has the same one under another id.
 *
 * Where the mode allows it, what no commit could hold leaves the queue again: a change whose target is gone
 * (weakness W9), and the older of two key packages of one joiner (W10).
 */
export async function queueApproved(turn: Turn, proposal: ApprovedProposal): Promise<void> {
  const { approved } = turn.state;
  if (approved.some(({ request }) => isSameChange(request, proposal.request))) return;
  const rival = policyOf(turn).dropsStuckWork ? rivalOf(approved, proposal.request) : undefined;
  if (rival === undefined) update(turn, { approved: [...approved, proposal] });
  else if (await isNewer(turn, proposal.request, rival.request)) {
    update(turn, { approved: [...approved.filter((other) => other !== rival), proposal] });
  }
  dropStuckWork(turn);
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
  turn: Turn,
  request: ConversationUpdateRequest,
  rival: ConversationUpdateRequest,
): Promise<boolean> {
  const { mls } = turn.env.plugins;
  const [ours, theirs] = await Promise.all(
    [request, rival].map((invitation) => mls.inspectKeyPackage((invitation as Invitation).keyPackageBytes)),
  );
  if (!ours?.ok) return false;
  if (!theirs?.ok) return true;
  if (ours.notAfterSeconds !== theirs.notAfterSeconds) return ours.notAfterSeconds > theirs.notAfterSeconds;
  return ours.reference > theirs.reference;
}
