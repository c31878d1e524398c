import { COMMIT_BATCH_MAX } from "@demls/steward";
import { requestsUnderWay } from "./open-votes.js";
import type { Turn } from "./turn.js";
import { proposalKind } from "./update-request.js";

/**
 * Whether one commit can still carry out one more membership change, besides those that are approved or being
 * voted on. Approved work beyond that is committed by nobody: 3.0.0 members drop a candidate that carries out
 * a part of it (weakness W22).
 */
export function hasRoomInCommit(turn: Turn): boolean {
  return changesUnderWay(turn) < COMMIT_BATCH_MAX;
}

/**
 * Whether a membership change is approved or being voted on. Then no score removal is due: it is committed
 * alone, which no member takes while other work is approved (weakness W22).
 */
export function hasMembershipUnderWay(turn: Turn): boolean {
  return changesUnderWay(turn) > 0;
}

function changesUnderWay(turn: Turn): number {
  return requestsUnderWay(turn).filter((request) => proposalKind(request) === "membership").length;
}
