import type { StagedCommit } from "@demls/mls";
import type { ScoreEvent } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import type { HeldCandidate } from "../../model/commit.js";
import { eligibleStewards, type ActiveTransaction } from "../../model/transaction.js";
import { carriesOutApproved, isCountedRight, isListedCommitter, isPublished } from "../candidates.js";

/** The epoch steward, by the list in force and the members that no approved change removes. */
export function epochStewardOf(tx: ActiveTransaction): MemberId | undefined {
  const { env, state } = tx;
  return env.plugins.stewards.epochSteward(state.stewards.list, state.group.epoch, eligibleStewards(tx));
}

/** Rule that a candidate's author violates. */
export function violationOf(
  tx: ActiveTransaction,
  { steward, ownWork }: HeldCandidate,
): ScoreEvent | undefined {
  return ownWork && isListedCommitter(tx, steward) ? undefined : "broken-commit";
}

/** Whether a commit contains exactly the approved changes: 3.0.0 members reject one that omits some (weakness W23). */
export function carriesOut(tx: ActiveTransaction, staged: StagedCommit): boolean {
  return carriesOutApproved(tx, staged, false);
}

/** Whether every member with the same approved changes accepts a candidate. */
export function isValid(tx: ActiveTransaction, candidate: HeldCandidate): boolean {
  return (
    isCountedRight(candidate) &&
    isPublished(tx, candidate) &&
    violationOf(tx, candidate) === undefined &&
    carriesOut(tx, candidate.staged)
  );
}
