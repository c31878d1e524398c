import { DEFAULT_TALLY_RULE, resultBy, type TallyRule } from "./tally-rule.js";

/** What a member has heard of a vote, whether it could still count it or not. */
export interface VotesHeard {
  readonly yes: number;
  readonly no: number;
  /** As in the proposal. */
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
  /** @defaultValue `"two-thirds"`, the reference's */
  readonly rule?: TallyRule;
}

/**
 * What members may have decided that heard these same votes, each in an order of its own, and of those who are
 * silent here whatever they say, or nothing.
 *
 * By the reference's rule that can be more than one result (weakness W2): of three voters with one yes and two
 * nos, who hears the yes and one no has a yes, and who hears both nos has a no. It takes the square of the number
 * of votes.
 *
 * @param threshold Share of the voters that a quorum takes, as configured.
 */
export function possibleResults(heard: VotesHeard, threshold: number): ReadonlySet<"yes" | "no" | "failed"> {
  const { expectedVoters, livenessCriteriaYes, rule = DEFAULT_TALLY_RULE } = heard;
  const silent = Math.max(0, expectedVoters - heard.yes - heard.no);
  const results = new Set<"yes" | "no" | "failed">();
  const count = (yes: number, no: number, atDeadline: boolean): "yes" | "no" | undefined => {
    const decided = resultBy(rule, { yes, no, expectedVoters, livenessCriteriaYes, threshold, atDeadline });
    if (decided === undefined) return undefined;
    return decided ? "yes" : "no";
  };
  // By how many yeses: the counts that some order reaches undecided with so many votes, one more each round.
  let open: ReadonlySet<number> = new Set([0]);
  for (let cast = 0; open.size > 0; cast++) {
    const next = new Set<number>();
    for (const yes of open) {
      const no = cast - yes;
      const early = count(yes, no, false);
      if (early !== undefined) {
        results.add(early);
        continue;
      }
      if (yes >= heard.yes && no >= heard.no) results.add(count(yes, no, true) ?? "failed");
      const spare = silent - Math.max(0, yes - heard.yes) - Math.max(0, no - heard.no);
      if (yes < heard.yes || spare > 0) next.add(yes + 1);
      if (no < heard.no || spare > 0) next.add(yes);
    }
    open = next;
  }
  return results;
}
