import { scoringMemberDiff, type ScoreOp } from "@demls/scoring";
import { trace, emit, update, type Transaction } from "../model/transaction.js";

/** Applies score operations in order, saying what each did. */
export function applyScores(tx: Transaction, ops: readonly ScoreOp[]): void {
  const { scoring } = tx.env.plugins;
  for (const op of ops) {
    const { state } = scoring.applyOp(tx.state.scores, op);
    update(tx, { scores: state });
    const score = scoring.scoreFor(state, op.memberId);
    trace(tx, { kind: "score", member: op.memberId, score, cause: op.event });
    if (score !== undefined) {
      emit(tx, { kind: "scoreChanged", member: op.memberId, score, cause: op.event });
    }
  }
}

/** Gives new members the default score and forgets those who are gone. */
export function syncScoredMembers(tx: Transaction): void {
  const { scoring } = tx.env.plugins;
  const scored = scoring.allMembersWithScores(tx.state.scores).map(({ memberId }) => memberId);
  const { toAdd, toRemove } = scoringMemberDiff(scored, tx.state.group?.members ?? []);
  let scores = tx.state.scores;
  for (const member of toAdd) scores = scoring.addMember(scores, member).state;
  for (const member of toRemove) scores = scoring.removeMember(scores, member);
  update(tx, { scores });
}
