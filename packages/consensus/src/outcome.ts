/** A count of votes, with the rules that it is judged by. */
export interface Count {
  /** Votes for. */
  readonly yes: number;
  /** Votes against. */
  readonly no: number;
  /** Size of the electorate. There may be more votes than that: the caller keeps out who may not vote. */
  readonly expectedVoters: number;
  /** Share of the electorate, 0 to 1, that both a quorum and a majority take. */
  readonly threshold: number;
  /** Whether silent voters weigh for yes (otherwise for no); decides a tie with all votes in. */
  readonly livenessCriteriaYes: boolean;
  /** Whether time is up: silent voters then count towards the quorum. */
  readonly atDeadline: boolean;
}

/**
 * Decides a count: `true` for yes, `false` for no, `undefined` for nothing yet, or at the deadline for failure.
 * {@link calculateConsensusResult} is one, and so is `majorityResult`.
 *
 * It is asked after each vote, and once more at the deadline. A result stands, whatever is voted later. So a rule gives
 * one before the deadline only where no vote still to come could change it; otherwise members who hear the same votes in
 * another order come to another result.
 *
 * It goes by the count alone, answers for any numbers, also for more votes than voters, and does not throw.
 */
export type DecisionRule = (count: Count) => boolean | undefined;

/**
 * What a count decides: `true` for yes, `false` for no, `undefined` for nothing yet, or at the deadline for
 * failure.
 *
 * Up to two voters must all vote, and it is yes only if all say so. With more there must be a quorum of
 * {@link requiredVotes}; then a side wins whose weight, its votes and the silent ones where liveness gives
 * them to it, reaches the same number and exceeds the other side's. Silence weighs before the deadline too,
 * so an early result can depend on the order of arrival. A tie with all votes in goes by liveness.
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

/** Whether enough votes are cast for a quorum. Says nothing about who wins. */
export function hasSufficientVotes(cast: number, expectedVoters: number, threshold: number): boolean {
  return cast >= requiredVotes(expectedVoters, threshold);
}

/**
 * Votes that a quorum takes: all of up to two voters, otherwise the threshold's share, rounded up.
 *
 * The reference's 32-bit arithmetic wraps from 2^31 expected voters on and then asks for too few; here it is
 * exact.
 */
export function requiredVotes(expectedVoters: number, threshold: number): number {
  return expectedVoters <= 2 ? expectedVoters : shareOf(expectedVoters, threshold);
}

/** The threshold's share of the voters, rounded up. */
export function shareOf(expectedVoters: number, threshold: number): number {
  // In integers, as in the reference: in floating point a multiple of 3 could miss its whole number.
  if (Math.abs(threshold - 2 / 3) < Number.EPSILON) return Math.ceil((2 * expectedVoters) / 3);
  return Math.ceil(expectedVoters * threshold);
}
