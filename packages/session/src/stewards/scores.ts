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

/** Sets scores that other members state, and emits `scoreChanged` for each member whose score differs. */
export function replaceScores(tx: ActiveTransaction, values: unknown, cause: "sync" | "record"): void {
  const { scoring } = tx.env.plugins;
  const before = tx.state.scores.values;
  update(tx, "scores", { values });
  for (const member of tx.state.group.members) {
    const score = scoring.scoreFor(values, member);
    if (score === undefined || score === scoring.scoreFor(before, member)) continue;
    trace(tx, { kind: "score", member, score, cause });
    emit(tx, { kind: "scoreChanged", member, score, cause: undefined });
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
