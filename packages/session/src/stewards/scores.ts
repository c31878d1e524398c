import { scoringMemberDiff, type ScoreOp } from "@demls/scoring";
import { emit, trace, update, type ActiveTransaction } from "../model/transaction.js";

/** Applies score operations in order and emits `scoreChanged` for each. */
export function applyScores(tx: ActiveTransaction, ops: readonly ScoreOp[]): void {
  const { scoring } = tx.env.plugins;
  for (const op of ops) {
    const state = scoring.applyOp(tx.state.scores.values, op);
    update(tx, "scores", { values: state });
    const score = scoring.scoreFor(state, op.memberId);
    trace(tx, { kind: "score", member: op.memberId, score, cause: op.event });
    if (score !== undefined) {
      emit(tx, { kind: "scoreChanged", member: op.memberId, score, cause: op.event });
    }
  }
}

/** Gives new members the default score and deletes the scores of former members. */
export function syncScoredMembers(tx: ActiveTransaction): void {
  const { scoring } = tx.env.plugins;
  let { values } = tx.state.scores;
  const scored = scoring.allMembersWithScores(values).map(({ memberId }) => memberId);
  const { toAdd, toRemove } = scoringMemberDiff(scored, tx.state.group.members);
  for (const member of toAdd) values = scoring.addMember(values, member);
  for (const member of toRemove) values = scoring.removeMember(values, member);
  update(tx, "scores", { values });
}
