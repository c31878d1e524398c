import type { DecisionRule } from "./outcome.js";
import type { Decision } from "./plugin.js";
import type { ReceivedVotes } from "./possible-results.js";
import { resultBy } from "./tally-rule.js";

type Result = Decision["result"];

/** Maximum number of voters n for which the counts are enumerated; there are up to n²/2 counts. */
const MAX_VOTERS = 128;

/**
 * Possible results of any rule, found by enumerating every count that the votes can produce; `possibleResults` does the
 * same for the reference's rule. When all have voted, a rule that does not depend on order has one result.
 *
 * Above 128 voters, any result counts as possible.
 *
 * @param threshold The configured threshold, passed to the rule.
 */
export function reachableResults(
  received: ReceivedVotes,
  threshold: number,
  decide: DecisionRule,
): ReadonlySet<Result> {
  const { expectedVoters } = received;
  const silent = Math.max(0, expectedVoters - received.yes - received.no);
  if (received.yes + received.no + silent > MAX_VOTERS) return new Set<Result>(["yes", "no", "failed"]);
  const results = new Set<Result>();
  /** For each number of no votes: whether a member can be undecided with these no votes and one yes vote less. */
  let former: readonly boolean[] = [];
  for (let yes = 0; yes <= received.yes + silent; yes++) {
    const row: boolean[] = [];
    for (let no = 0; no <= received.no + silent; no++) {
      const isFirst = yes + no === 0;
      const late = Math.max(0, yes - received.yes) + Math.max(0, no - received.no);
      if (late > silent || !(isFirst || former[no] || row[no - 1])) continue;
      const count = { ...received, yes, no, threshold, atDeadline: false };
      const early = isFirst ? undefined : resultBy(decide, count);
      row[no] = early === undefined;
      if (early !== undefined) results.add(early);
      else if (yes >= received.yes && no >= received.no) {
        results.add(resultBy(decide, { ...count, atDeadline: true }) ?? "failed");
      }
    }
    former = row;
  }
  return results;
}
