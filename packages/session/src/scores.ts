import { scoringMemberDiff, type ScoreOp } from "@demls/scoring";
import { decide, emit, update, type Turn } from "./turn.js";

/** Applies score operations in order, saying what each did. */
export function applyScores(turn: Turn, ops: readonly ScoreOp[]): void {
  const { scoring } = turn.env.plugins;
  for (const op of ops) {
    const state = scoring.applyOp(turn.state.scores, op);
    update(turn, { scores: state });
    const score = scoring.scoreFor(state, op.memberId);
    decide(turn, { kind: "score", member: op.memberId, score, cause: op.event });
    if (score !== undefined) {
      emit(turn, { kind: "scoreChanged", member: op.memberId, score, cause: op.event });
    }
  }
}

/** Gives new members the default score and forgets those who are gone. */
export function syncScoredMembers(turn: Turn): void {
  const { scoring } = turn.env.plugins;
  const scored = scoring.allMembersWithScores(turn.state.scores).map(({ memberId }) => memberId);
  const { toAdd, toRemove } = scoringMemberDiff(scored, turn.state.group?.members ?? []);
  let scores = turn.state.scores;
  for (const member of toAdd) scores = scoring.addMember(scores, member);
  for (const member of toRemove) scores = scoring.removeMember(scores, member);
  update(turn, { scores });
}
