import { COMMIT_BATCH_MAX } from "@demls/steward";
import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { requestsUnderWay } from "./open-votes.js";
import { policyOf, type Transaction } from "../model/transaction.js";
import { accusedOf, partingMember, proposalKind } from "../model/request.js";

/** Whether the next commit can carry out what a request asks for, if it asks for any change. */
export function fitsNextCommit(tx: Transaction, request: ConversationUpdateRequest): boolean {
  const accused = accusedOf(request);
  if (accused !== undefined) return fitsScoreRemoval(tx, accused);
  return proposalKind(request) !== "membership" || hasCommitCapacity(tx);
}

/**
 * Whether the next commit can still carry out one more membership change, besides those that are approved or
 * being voted on. Approved work beyond that is committed by nobody: 3.0.0 members drop a candidate that carries
 * out a part of it, and where an urgent removal is one of several changes they drop every one (weakness W22).
 */
export function hasCommitCapacity(tx: Transaction): boolean {
  const changes = changesUnderWay(tx);
  if (changes.length >= COMMIT_BATCH_MAX) return false;
  return policyOf(tx).urgentCommitCarriesAll || !changes.some(isScoreRemoval);
}

/**
 * Whether a score removal of `target` may be put to the vote. Where 3.0.0 members take part it is committed alone,
 * which no member takes while any other change is approved (weakness W22). Elsewhere it only follows another one:
 * what is decided in the freeze that the first brings about is not in its candidates.
 */
function fitsScoreRemoval(tx: Transaction, target: MemberId): boolean {
  const others = changesUnderWay(tx).filter((request) => partingMember(request) !== target);
  if (!policyOf(tx).urgentCommitCarriesAll) return others.length === 0;
  return others.length < COMMIT_BATCH_MAX && !others.some(isScoreRemoval);
}

/** What is approved or being voted on, of all that a commit would carry out. */
function changesUnderWay(tx: Transaction): readonly ConversationUpdateRequest[] {
  return requestsUnderWay(tx).filter(
    (request) => proposalKind(request) === "membership" || isScoreRemoval(request),
  );
}

function isScoreRemoval(request: ConversationUpdateRequest): boolean {
  return accusedOf(request) !== undefined;
}
