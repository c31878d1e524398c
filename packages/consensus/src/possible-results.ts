import { requiredVotes } from "./outcome.js";
import type { RoundRules } from "./rounds.js";

/** What a member has heard of a vote, whether it could still count it or not. */
export interface VotesHeard {
  readonly yes: number;
  readonly no: number;
  /** As in the proposal. */
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
}

type Result = "yes" | "no" | "failed";

/**
 * What members may have decided that heard these same votes, each in an order of its own, and of those who are
 * silent here whatever they say, or nothing.
 *
 * By the reference's rule that can be more than one result (weakness W2): of three voters with one yes and two
 * nos, who hears the yes and one no has a yes, and who hears both nos has a no. By the rule of more than half the
 * same votes give the same result, and nobody need ask. It costs the same for any numbers.
 *
 * Where the rounds bound the votes, members count different votes of those that they hear: it can be any result.
 *
 * @param rules As configured.
 */
export function possibleResults(
  heard: VotesHeard,
  { networkType, threshold }: RoundRules,
): ReadonlySet<Result> {
  const { livenessCriteriaYes, expectedVoters } = heard;
  if (networkType === "p2p") return new Set<Result>(["yes", "no", "failed"]);
  if (expectedVoters <= 2) return resultsOfFew(heard);
  const ballots = ballotsOf(heard, requiredVotes(expectedVoters, threshold));
  const results = new Set<Result>();
  if (mayFollowSilence(ballots)) results.add(livenessCriteriaYes ? "yes" : "no");
  if (mayOpposeSilence(ballots)) results.add(livenessCriteriaYes ? "no" : "yes");
  if (mayFail(ballots)) results.add("failed");
  return results;
}

/** Up to two must all vote, and all say yes. */
function resultsOfFew({ yes, no, expectedVoters }: VotesHeard): ReadonlySet<Result> {
  const silent = Math.max(0, expectedVoters - yes - no);
  const results = new Set<Result>();
  if (yes + silent >= expectedVoters) results.add("yes");
  if (no + silent > 0 && expectedVoters > 0) results.add("no");
  if (yes + no < expectedVoters) results.add("failed");
  return results;
}

/**
 * The votes by whether they say what silence says. As long as no more have voted than are expected, every vote
 * that is not against silence weighs for it, cast or not: so the count of those against is all that matters, and
 * that the quorum is there.
 */
interface Ballots {
  readonly expected: number;
  readonly required: number;
  readonly withSilence: number;
  readonly against: number;
  /** Votes that others may have heard, for either side. */
  readonly silent: number;
  /** Silence wins with so many against it, or fewer. */
  readonly conceded: number;
  /** Silence loses with so many against it, or more. */
  readonly carried: number;
}

function ballotsOf({ yes, no, expectedVoters, livenessCriteriaYes }: VotesHeard, required: number): Ballots {
  return {
    expected: expectedVoters,
    required,
    withSilence: livenessCriteriaYes ? yes : no,
    against: livenessCriteriaYes ? no : yes,
    silent: Math.max(0, expectedVoters - yes - no),
    conceded: Math.min(expectedVoters - required, Math.ceil(expectedVoters / 2) - 1),
    carried: Math.max(required, Math.floor(expectedVoters / 2) + 1),
  };
}

/** Whether silence wins in the order most in its favour, or by a tie of all votes. */
function mayFollowSilence({ expected, required, withSilence, against, silent, conceded }: Ballots): boolean {
  const isTie = 2 * Math.min(withSilence + silent, against + silent) >= expected && expected % 2 === 0;
  return required - withSilence - silent <= conceded || isTie;
}

/** Whether silence loses where all that speak against it are heard first. */
function mayOpposeSilence({ required, against, silent, conceded, carried }: Ballots): boolean {
  return required > conceded && against + silent >= carried;
}

/** Whether the votes may end between the two, and not in a tie of all votes, which silence wins. */
function mayFail({ expected, required, withSilence, against, silent, conceded, carried }: Ballots): boolean {
  if (withSilence + against > expected) return against < required && withSilence < required;
  const fewest = Math.max(against, conceded + 1);
  const most = Math.min(against + silent, carried - 1);
  const isTieOnly = fewest === most && 2 * most === expected && withSilence + most === expected;
  return required > conceded && fewest <= most && !isTieOnly;
}
