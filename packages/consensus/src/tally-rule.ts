import { calculateConsensusResult, type Count, type DecisionRule } from "./outcome.js";

/**
 * By which rule votes decide; all members of a conversation must go by the same.
 *
 * - `"two-thirds"`: the rule of de-mls 3.0.0, {@link calculateConsensusResult}. It weighs silence as soon as a
 *   quorum has voted, so that the result can depend on the order in which votes arrive.
 * - `"majority"`: {@link majorityResult}, where the same votes give the same result in any order.
 */
export type TallyRule = "two-thirds" | "majority";

/** What a rule decides by. */
export function decisionRuleOf(rule: TallyRule): DecisionRule {
  return rule === "majority" ? majorityResult : calculateConsensusResult;
}

/** What a count comes to by a rule; `undefined` for nothing yet, or at the deadline for failure. */
export function resultBy(decide: DecisionRule, count: Count): "yes" | "no" | undefined {
  const decided = decide(count);
  if (decided === undefined) return undefined;
  return decided ? "yes" : "no";
}

/**
 * What a count decides where more than half of the members decide: `true` for yes, `false` for no, `undefined`
 * for nothing yet, or at the deadline for failure.
 *
 * Of three voters or more, more than half decide; a tie goes by liveness. Silence weighs at the deadline only,
 * and before it a result stands only where no vote that is still to come could change it. Of up to two voters
 * all must say yes; one no is a no, and who is silent has not agreed.
 *
 * The threshold is of no use here. Nor is the quorum of two thirds: at the deadline the silent count as having
 * voted, so that it is always met, and what more than half have said before it stands in any case.
 *
 * Source: RFC hashgraph-like consensus, sections "Liveness" and "Silent Node Management".
 */
export function majorityResult(count: Count): boolean | undefined {
  const { yes, no, expectedVoters, livenessCriteriaYes, atDeadline } = count;
  if (expectedVoters <= 2) {
    if (no > 0) return false;
    return yes >= expectedVoters ? true : undefined;
  }
  const silent = Math.max(0, expectedVoters - yes - no);
  const wins = (votesForYes: number): boolean =>
    2 * votesForYes > expectedVoters || (2 * votesForYes === expectedVoters && livenessCriteriaYes);
  if (atDeadline) return wins(yes + (livenessCriteriaYes ? silent : 0));
  if (wins(yes)) return true;
  return wins(yes + silent) ? undefined : false;
}
