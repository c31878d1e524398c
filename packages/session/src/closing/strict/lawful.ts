import type { StagedCommit } from "@demls/mls";
import type { ScoreEvent } from "@demls/scoring";
import { rankCandidates, type CandidateRank } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import type { HeldCandidate } from "../../model/commit.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { acceptsArrivals } from "../../voting/arrivals.js";
import {
  actionKey,
  carriesOutApproved,
  countedChanges,
  isCountedRight,
  isListedCommitter,
  isPublished,
  publishedCandidates,
  requestKey,
} from "../candidates.js";
import { swappedKeyPackages } from "../swapped-key-package.js";
import { acceptsRecord } from "./epoch-record.js";
import { firstByRank, orderOf } from "./turn.js";

/** Candidates that this member accepts, best first. */
export async function lawfulCandidates(tx: ActiveTransaction): Promise<readonly HeldCandidate[]> {
  const { changes, stewards } = tx.state;
  const ranked = rankCandidates(
    publishedCandidates(tx)
      .filter((candidate) => violationOf(tx, candidate) === undefined)
      .map((candidate) => ({ ...rankOf(tx, candidate), candidate })),
    {
      approvedCount: changes.approved.length,
      allowSubset: tx.env.plugins.stewards.config(stewards.list).allowSubsetCandidates,
      epochSteward: undefined,
    },
  );
  const lawful: HeldCandidate[] = [];
  for (const { candidate } of ranked) {
    if (!isAgreeable(tx, candidate)) continue;
    if ((await swappedKeyPackages(tx, candidate.staged)).length === 0) lawful.push(candidate);
  }
  return lawful;
}

/** Whether a candidate carries out everything that was approved on this member when it arrived. */
export function isComplete(tx: ActiveTransaction, { staged, approvedThen }: HeldCandidate): boolean {
  const done = new Set(staged.actions.map(actionKey));
  return tx.state.changes.approved.every(
    ({ proposalId, request }) => done.has(requestKey(request)) || !approvedThen.includes(proposalId),
  );
}

/** Whether every member with the same approved changes accepts a candidate. */
export function isValid(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  return (
    isCountedRight(candidate) &&
    isPublished(tx, candidate) &&
    violationOf(tx, candidate) === undefined &&
    isAgreeable(tx, candidate)
  );
}

/** Whether this member agrees with the changes of a candidate, and with its record. */
function isAgreeable(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  return carriesOut(tx, candidate.staged) && acceptsItsRecord(tx, candidate);
}

/** Whether this member accepts the record of a candidate. */
export function acceptsItsRecord(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  const { record, steward } = candidate;
  return acceptsArrivals(tx, candidate) && acceptsRecord(tx, record, isOfList(tx, steward));
}

/** Rule that a candidate's author violates. Any member may stand in for the stewards. */
export function violationOf(_: ActiveTransaction, { ownWork }: HeldCandidate): ScoreEvent | undefined {
  return ownWork ? undefined : "broken-commit";
}

/** Whether a commit contains all approved changes, or some if the settings of all members allow that. */
export function carriesOut(tx: ActiveTransaction, staged: StagedCommit): boolean {
  const { allowSubsetCandidates } = tx.env.plugins.stewards.config(tx.state.stewards.list);
  return carriesOutApproved(tx, staged, allowSubsetCandidates);
}

/** Whether a member is a steward: also by the list of before, which members follow that have not received the election. */
function isOfList(tx: ActiveTransaction, member: MemberId): boolean {
  if (isListedCommitter(tx, member)) return true;
  const { opening } = tx.state.stewards;
  return opening !== undefined && tx.env.plugins.stewards.isSteward(opening, member);
}

/**
 * A candidate as it is ranked: all members of the epoch rank alike. Its author cannot move it forward by another commit or a
 * chosen id, since the order of the authors follows from the epoch, which began before.
 */
export function rankOf(tx: ActiveTransaction, candidate: HeldCandidate): CandidateRank {
  const { steward, commitHash, staged } = candidate;
  return {
    ...{ steward, commitHash, proposalCount: countedChanges(tx, candidate) },
    isTurn: firstByRank(tx, staged) === steward,
    order: orderOf(tx, steward),
  };
}
