import type { StagedCommit } from "@demls/mls";
import type { ScoreOp } from "@demls/scoring";
import { bytesToHex } from "@demls/wire/core";
import { keepChanges, setUrgent } from "../changes/index.js";
import type { ApprovedChange } from "../model/changes.js";
import type { HeldCandidate } from "../model/commit.js";
import { endConversation } from "../model/ending.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { isLeaveOf } from "../model/leaves.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import type { CandidateChoiceReason } from "../model/traced-decision.js";
import { emit, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { rejoinsIn } from "../join/rejoin-requests.js";
import { applyScores } from "../stewards/scores.js";
import { actionKey, requestKey, votedActions } from "./candidates.js";
import { BEGINNING, ENDING, type RecordedEnd } from "./merge-phases.js";

/**
 * Merges a chosen commit and starts the new epoch: see {@link ENDING}, {@link BEGINNING}.
 *
 * @param candidates - number of candidates that it was chosen from
 * @param ops - scores of the candidates' authors
 * @param recorded - where commits carry a record of their epoch
 */
export async function mergeChosen(
  tx: ActiveTransaction,
  winner: HeldCandidate,
  reason: CandidateChoiceReason,
  candidates: number,
  ops: readonly ScoreOp[],
  recorded?: RecordedEnd,
): Promise<Facts> {
  const { steward, staged } = winner;
  const commitHash = bytesToHex(winner.commitHash);
  trace(tx, { kind: "candidateChosen", steward, commitHash, reason });
  emit(tx, { kind: "commitCandidateChosen", steward, commitHash, candidates });
  applyScores(tx, ops);
  const committed = dequeueCommitted(tx, winner, staged);
  if (staged.selfRemoved) {
    const isOwnLeave = committed.some((change) => isLeaveOf(tx.env.self, change));
    endConversation(tx, isOwnLeave ? "left" : "removed");
    return NO_FACTS;
  }
  const rejoined = rejoinsIn(tx, staged);
  for (const phase of Object.values(ENDING)) phase(tx);
  const merge = { winner, staged, committed, rejoined, recorded, before: tx.state };
  for (const phase of Object.values(BEGINNING)) await phase(tx, merge);
  return [{ kind: "epochBegun" }];
}

/** Takes the committed changes off the queue, and returns them. */
function dequeueCommitted(
  tx: ActiveTransaction,
  winner: HeldCandidate,
  staged: StagedCommit,
): readonly ApprovedChange[] {
  const { changes: queue, commit } = tx.state;
  const done = new Set(votedActions(tx, staged).map(actionKey));
  const isDone = ({ request }: ApprovedChange): boolean => done.has(requestKey(request));
  const changes = queue.approved.filter(isDone);
  keepChanges(tx, (change) => !isDone(change));
  setUrgent(tx, undefined);
  update(tx, "commit", {
    merged: appendBounded(commit.merged, bytesToHex(winner.commitHash), LIMITS.committed),
  });
  emit(tx, {
    kind: "commitApplied",
    epoch: staged.epoch + 1n,
    committer: winner.steward,
    changes: changes.map(({ proposalId, request }) => ({ proposalId, request })),
    urgent: queue.urgentTarget !== undefined,
  });
  return changes;
}
