import { requiredVotes } from "./outcome.js";
import type { RoundRules } from "./rounds.js";

/** Votes that a member received, including those that it could not count. */
export interface ReceivedVotes {
  readonly yes: number;
  readonly no: number;
  /** As in the proposal. */
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
}

type Result = "yes" | "no" | "failed";

/**
 * Results that members may have reached, with these votes in any order and any votes that are missing here.
 *
 * By the reference's rule there can be more than one (weakness W2). Of three voters with one yes and two nos, a member
 * that receives the yes and one no first decides yes; a member that receives both nos first decides no. By the rule of
 * more than half, the same votes always give the same result. The cost does not depend on the number of voters.
 *
 * When the rounds limit the votes, members count different subsets of the same votes: any result is possible.
 *
 * @param rules The algorithm's configuration.
 */
export function possibleResults(
  received: ReceivedVotes,
  { networkType, threshold }: RoundRules,
): ReadonlySet<Result> {
  const { livenessCriteriaYes, expectedVoters } = received;
  if (networkType === "p2p") return new Set<Result>(["yes", "no", "failed"]);
  if (expectedVoters <= 2) return resultsOfFew(received);
  const ballots = ballotsOf(received, requiredVotes(expectedVoters, threshold));
  const results = new Set<Result>();
  if (mayFollowSilence(ballots)) results.add(livenessCriteriaYes ? "yes" : "no");
  if (mayOpposeSilence(ballots)) results.add(livenessCriteriaYes ? "no" : "yes");
  if (mayFail(ballots)) results.add("failed");
  return results;
}

/** With up to two voters, all must vote, and all must vote yes. */
function resultsOfFew({ yes, no, expectedVoters }: ReceivedVotes): ReadonlySet<Result> {
  const silent = Math.max(0, expectedVoters - yes - no);
  const results = new Set<Result>();
  if (yes + silent >= expectedVoters) results.add("yes");
  if (no + silent > 0 && expectedVoters > 0) results.add("no");
  if (yes + no < expectedVoters) results.add("failed");
  return results;
}

/**
 * Votes for and against the side of the silent voters. A vote that is missing counts for that side, like a vote cast
 * for it. So the result depends only on the number of votes against it and on the quorum.
 */
interface Ballots {
  readonly expected: number;
  readonly required: number;
  readonly withSilence: number;
  readonly against: number;
  /** Votes for either side that only other members may have received. */
  readonly silent: number;
  /** Silence wins with at most this many votes against it. */
  readonly conceded: number;
  /** Silence loses with at least this many votes against it. */
  readonly carried: number;
}

function ballotsOf(
  { yes, no, expectedVoters, livenessCriteriaYes }: ReceivedVotes,
  required: number,
): Ballots {
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

/** Whether silence wins in its most favourable order, or by a tie of all votes. */
function mayFollowSilence({ expected, required, withSilence, against, silent, conceded }: Ballots): boolean {
  const isTie = 2 * Math.min(withSilence + silent, against + silent) >= expected && expected % 2 === 0;
  return required - withSilence - silent <= conceded || isTie;
}

/** Whether silence loses when all votes against it arrive first. */
function mayOpposeSilence({ required, against, silent, conceded, carried }: Ballots): boolean {
  return required > conceded && against + silent >= carried;
}

/** Whether the votes may end between the two bounds, but not in a tie of all votes, which silence wins. */
function mayFail({ expected, required, withSilence, against, silent, conceded, carried }: Ballots): boolean {
  if (withSilence + against > expected) return against < required && withSilence < required;
  const fewest = Math.max(against, conceded + 1);
  const most = Math.min(against + silent, carried - 1);
  const isTieOnly = fewest === most && 2 * most === expected && withSilence + most === expected;
  return required > conceded && fewest <= most && !isTieOnly;
}
