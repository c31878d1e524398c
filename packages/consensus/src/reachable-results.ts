import type { Count, DecisionRule } from "./outcome.js";
import type { Decision } from "./plugin.js";
import type { VotesHeard } from "./possible-results.js";
import type { RoundRules } from "./rounds.js";

type Result = Decision["result"];

const ANY: readonly Result[] = ["yes", "no", "failed"];

/** Voters up to whom counts are gone through, of which there may be as many as their square. */
const MAX_VOTERS = 256;

/**
 * What members may have decided by a rule that heard these same votes, each in an order of its own, and of those who
 * are silent here whatever they say, or nothing: as `possibleResults`, but found by trying. With all votes in, a rule
 * that depends on no order has one result.
 *
 * Beyond 256 voters, and where the rounds bound the votes, it can be any result.
 *
 * @param rules As configured.
 */
export function reachableResults(
  heard: VotesHeard,
  { networkType, threshold }: RoundRules,
  decide: DecisionRule,
): ReadonlySet<Result> {
  const { expectedVoters, livenessCriteriaYes } = heard;
  const silent = Math.max(0, expectedVoters - heard.yes - heard.no);
  if (networkType === "p2p" || heard.yes + heard.no + silent > MAX_VOTERS) return new Set(ANY);
  const results = new Set<Result>();
  const rules = { expectedVoters, threshold, livenessCriteriaYes };
  /** By nos, whether a member may have come to that many with one yes less, undecided. */
  let former: readonly boolean[] = [];
  for (let yes = 0; yes <= heard.yes + silent; yes++) {
    const row: boolean[] = [];
    for (let no = 0; no <= heard.no + silent; no++) {
      const isFirst = yes + no === 0;
      const unheard = Math.max(0, yes - heard.yes) + Math.max(0, no - heard.no);
      const isReached = isFirst || former[no] === true || row[no - 1] === true;
      if (!isReached || unheard > silent) continue;
      const count: Omit<Count, "atDeadline"> = { ...rules, yes, no };
      const early = isFirst ? undefined : decide({ ...count, atDeadline: false });
      row[no] = early === undefined;
      if (early !== undefined) results.add(early ? "yes" : "no");
      else if (yes >= heard.yes && no >= heard.no) results.add(late(decide({ ...count, atDeadline: true })));
    }
    former = row;
  }
  return results;
}

function late(decided: boolean | undefined): Result {
  if (decided === undefined) return "failed";
  return decided ? "yes" : "no";
}
