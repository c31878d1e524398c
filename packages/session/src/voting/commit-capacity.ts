import { COMMIT_BATCH_MAX } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { accusedOf, partingMember, proposalKind, type ChangeRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { requestsUnderWay } from "./open-votes.js";

/** Whether the next commit can carry out a request. A request that changes no membership always fits. */
export function fitsNextCommit(tx: ActiveTransaction, request: ChangeRequest): boolean {
  const accused = accusedOf(request);
  if (accused !== undefined) return fitsScoreRemoval(tx, accused);
  return proposalKind(request) !== "membership" || hasCommitCapacity(tx);
}

/**
 * Whether the next commit can carry out one more membership change, besides those that are approved or being voted
 * on. No member would commit approved changes beyond that: 3.0.0 members drop a candidate that carries out a part of
 * them, and where an urgent removal is one of several changes they drop every candidate (weakness W22).
 */
export function hasCommitCapacity(tx: ActiveTransaction): boolean {
  const changes = changesUnderWay(tx);
  if (changes.length >= COMMIT_BATCH_MAX) return false;
  return policyOf(tx).urgentCommitCarriesAll || !changes.some(isScoreRemoval);
}

/**
 * Whether a score removal of `target` may be put to the vote. Where 3.0.0 members take part, it is committed alone,
 * which no member accepts while another change is approved (weakness W22). In a strict conversation it only has to
 * wait for another score removal: a change decided in the freeze that the first one starts is not in its candidates.
 */
function fitsScoreRemoval(tx: ActiveTransaction, target: MemberId): boolean {
  const others = changesUnderWay(tx).filter((request) => partingMember(request) !== target);
  if (!policyOf(tx).urgentCommitCarriesAll) return others.length === 0;
  return others.length < COMMIT_BATCH_MAX && !others.some(isScoreRemoval);
}

/** Approved or open requests that a commit would carry out. */
function changesUnderWay(tx: ActiveTransaction): readonly ChangeRequest[] {
  return requestsUnderWay(tx).filter(
    (request) => proposalKind(request) === "membership" || isScoreRemoval(request),
  );
}

function isScoreRemoval(request: ChangeRequest): boolean {
  return accusedOf(request) !== undefined;
}
