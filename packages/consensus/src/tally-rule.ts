import { calculateConsensusResult, type Count, type DecisionRule } from "./outcome.js";

/**
 * Rule by which votes decide. All members of a conversation must use the same one.
 *
 * - `"two-thirds"`: the rule of de-mls 3.0.0, {@link calculateConsensusResult}. It counts silence as soon as a quorum
 *   has voted, so the result can depend on the order in which votes arrive.
 * - `"majority"`: {@link majorityResult}. The same votes give the same result in any order.
 */
export type TallyRule = "two-thirds" | "majority";

/** Decision function of a rule. */
export function decisionRuleOf(rule: TallyRule): DecisionRule {
  return rule === "majority" ? majorityResult : calculateConsensusResult;
}

/** Result of a count by a rule; `undefined` for undecided, or at the deadline for failure. */
export function resultBy(decide: DecisionRule, count: Count): "yes" | "no" | undefined {
  const decided = decide(count);
  if (decided === undefined) return undefined;
  return decided ? "yes" : "no";
}

/**
 * Majority rule: `true` for yes, `false` for no, `undefined` for undecided, or at the deadline for failure.
 *
 * With three voters or more, more than half decide; liveness decides a tie. Silence counts only at the deadline. Before
 * it, a result is returned only if no later vote could change it. With one or two voters, all must vote yes; one no is
 * a no, and silence is not consent.
 *
 * The threshold is not used, and there is no quorum: at the deadline silent voters count as having voted, and before it
 * a decision has the votes of more than half of all voters.
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
