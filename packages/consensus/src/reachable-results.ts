import type { DecisionRule } from "./outcome.js";
import type { Decision } from "./plugin.js";
import type { VotesHeard } from "./possible-results.js";
import { resultBy } from "./tally-rule.js";

type Result = Decision["result"];

/** Voters up to whom counts are gone through, of which there may be half as many as their square. */
const MAX_VOTERS = 128;

/**
 * What members may have decided by a rule, as `possibleResults` says for the reference's; found by going through all
 * counts that the votes may lead to. With all votes in, a rule that depends on no order has one result.
 *
 * Beyond 128 voters it is any result.
 *
 * @param threshold As configured, for the rule.
 */
export function reachableResults(
  heard: VotesHeard,
  threshold: number,
  decide: DecisionRule,
): ReadonlySet<Result> {
  const { expectedVoters } = heard;
  const silent = Math.max(0, expectedVoters - heard.yes - heard.no);
  if (heard.yes + heard.no + silent > MAX_VOTERS) return new Set<Result>(["yes", "no", "failed"]);
  const results = new Set<Result>();
  /** By nos, whether a member may have come to that many with one yes less, undecided. */
  let former: readonly boolean[] = [];
  for (let yes = 0; yes <= heard.yes + silent; yes++) {
    const row: boolean[] = [];
    for (let no = 0; no <= heard.no + silent; no++) {
      const isFirst = yes + no === 0;
      const unheard = Math.max(0, yes - heard.yes) + Math.max(0, no - heard.no);
      if (unheard > silent || !(isFirst || former[no] || row[no - 1])) continue;
      const count = { ...heard, yes, no, threshold, atDeadline: false };
      const early = isFirst ? undefined : resultBy(decide, count);
      row[no] = early === undefined;
      if (early !== undefined) results.add(early);
      else if (yes >= heard.yes && no >= heard.no) {
        results.add(resultBy(decide, { ...count, atDeadline: true }) ?? "failed");
      }
    }
    former = row;
  }
  return results;
}
