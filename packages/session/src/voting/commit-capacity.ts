import { COMMIT_BATCH_MAX } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { accusedOf, partingMember, proposalKind, type ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { requestsUnderWay } from "./open-votes.js";

/** Whether the next commit has capacity for a request. Requests without a membership change always fit. */
export function fitsNextCommit(tx: ActiveTransaction, request: ChangeRequest): boolean {
  const accused = accusedOf(request);
  if (accused !== undefined) return fitsScoreRemoval(tx, accused);
  return proposalKind(request) !== "membership" || hasCommitCapacity(tx);
}

/**
 * Whether the next commit has capacity for one more membership change besides the approved and open ones. No member
 * could commit more: 3.0.0 members reject partial commits, and if an urgent removal is one of several changes they
 * reject every candidate (weakness W22).
 */
export function hasCommitCapacity(tx: ActiveTransaction): boolean {
  const changes = changesUnderWay(tx);
  if (changes.length >= COMMIT_BATCH_MAX) return false;
  return policyOf(tx).urgentCommitCarriesAll || !changes.some(isScoreRemoval);
}

/**
 * Whether a score removal of `target` may be opened. In `de-mls-3` it is committed alone, and no member accepts that
 * commit while other changes are approved (weakness W22). In a strict conversation it waits only for other score
 * removals: the first one starts a freeze, and a change decided during it is missing from its candidates.
 */
function fitsScoreRemoval(tx: ActiveTransaction, target: MemberId): boolean {
  const others = changesUnderWay(tx).filter((request) => partingMember(request) !== target);
  if (!policyOf(tx).urgentCommitCarriesAll) return others.length === 0;
  return others.length < COMMIT_BATCH_MAX && !others.some(isScoreRemoval);
}

/** Approved and open membership changes. */
function changesUnderWay(tx: ActiveTransaction): readonly ChangeRequest[] {
  return requestsUnderWay(tx).filter(
    (request) => proposalKind(request) === "membership" || isScoreRemoval(request),
  );
}

function isScoreRemoval(request: ChangeRequest): boolean {
  return accusedOf(request) !== undefined;
}
