/** Vote count with its parameters, the input of a {@link DecisionRule}. */
export interface Count {
  /** Votes for. */
  readonly yes: number;
  /** Votes against. */
  readonly no: number;
  /**
   * Size of the electorate. The caller rejects votes of others; if it does not, there may be more votes than voters.
   */
  readonly expectedVoters: number;
  /** Share of the electorate, 0 to 1, required for both a quorum and a majority. */
  readonly threshold: number;
  /**
   * Whether silent voters count as yes (otherwise as no). Also decides a tie when all have voted. False for removals in
   * strict conversations of `@demls/session`.
   */
  readonly livenessCriteriaYes: boolean;
  /** Whether the deadline has passed. Silent voters then count towards the quorum. */
  readonly atDeadline: boolean;
}

/**
 * Rule that decides a count: `true` for yes, `false` for no, `undefined` for undecided, or at the deadline for failure.
 * Examples: {@link calculateConsensusResult}, `majorityResult`.
 *
 * It is called after each vote, and once more at the deadline. A result is final, even if further votes arrive. Before
 * the deadline, return a result only if no later vote could change it. Otherwise members that receive the same votes in
 * another order reach another result.
 *
 * It depends on the count alone, returns for any numbers, even for more votes than voters, and does not throw.
 */
export type DecisionRule = (count: Count) => boolean | undefined;

/**
 * Reference rule: `true` for yes, `false` for no, `undefined` for undecided, or at the deadline for failure.
 *
 * With one or two voters all must vote, and all must vote yes for a yes. With more, a quorum of {@link requiredVotes}
 * is needed. A side's weight is its number of votes, plus the silent voters if liveness assigns them to it. A side wins
 * if its weight reaches the quorum's number and exceeds the other side's. Silence counts before the deadline too, so an
 * early result can depend on the order of arrival. Liveness decides a tie when all have voted.
 *
 * Source: `calculate_consensus_result` of hashgraph-like-consensus 0.4.0, row for row.
 */
export function calculateConsensusResult(count: Count): boolean | undefined {
  const { yes, no, expectedVoters, livenessCriteriaYes } = count;
  const cast = yes + no;
  if (expectedVoters <= 2) return cast < expectedVoters ? undefined : yes === expectedVoters;

  const required = requiredVotes(expectedVoters, count.threshold);
  if ((count.atDeadline ? expectedVoters : cast) < required) return undefined;

  const silent = Math.max(0, expectedVoters - cast);
  const yesWeight = yes + (livenessCriteriaYes ? silent : 0);
  const noWeight = no + (livenessCriteriaYes ? 0 : silent);
  if (yesWeight >= required && yesWeight > noWeight) return true;
  if (noWeight >= required && noWeight > yesWeight) return false;
  if (cast === expectedVoters && yesWeight === noWeight) return livenessCriteriaYes;
  return undefined;
}

/** Whether the votes cast reach the quorum, for any result. */
export function hasSufficientVotes(cast: number, expectedVoters: number, threshold: number): boolean {
  return cast >= requiredVotes(expectedVoters, threshold);
}

/**
 * Number of votes required for a quorum: all of up to two voters, otherwise the threshold's share, rounded up.
 *
 * The reference's 32-bit arithmetic overflows from 2^31 expected voters on and then requires too few. Here it is exact.
 */
export function requiredVotes(expectedVoters: number, threshold: number): number {
  return expectedVoters <= 2 ? expectedVoters : shareOf(expectedVoters, threshold);
}

/** The threshold's share of the voters, rounded up. */
export function shareOf(expectedVoters: number, threshold: number): number {
  // Integer arithmetic, as in the reference: floating point could miss a whole number for a multiple of 3.
  if (Math.abs(threshold - 2 / 3) < Number.EPSILON) return Math.ceil((2 * expectedVoters) / 3);
  return Math.ceil(expectedVoters * threshold);
}
