import {
  MIN_SCORE,
  type MemberScore,
  type PeerScoringPlugin,
  type ScoreDeltas,
  type ScoreEvent,
} from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";

/** Plain data: scores in ascending order of member ids, and the settings of the conversation. */
export interface TrustState {
  readonly trusted: readonly MemberScore[];
  readonly threshold: bigint;
  readonly defaultScore: bigint;
  /** Events with a negative delta in the settings. The size of the delta has no effect. */
  readonly misconduct: readonly ScoreEvent[];
}

/** Minimum loss, since half of a small score would never reach the threshold. */
const LEAST_LOSS = 10n;
/** Gain of each good event, up to a newcomer's score. */
const GAIN = 4n;

/**
 * Scoring by trust: each misconduct of any kind halves the score, and good events slowly restore it.
 *
 * The next score depends only on the score and the event. A rule that also counted earlier misconduct would make
 * members diverge, since a joiner receives the scores only.
 */
export const trustScoring: PeerScoringPlugin<TrustState> = {
  create: (config, deltas) => ({ ...config, trusted: [], misconduct: misconductIn(deltas) }),

  addMember: (state, memberId) => withScore(state, { memberId, score: state.defaultScore }),
  removeMember: (state, gone) => ({
    ...state,
    trusted: state.trusted.filter(({ memberId }) => memberId !== gone),
  }),

  applyOp(state, { memberId, event }) {
    const before = scoreOf(state, memberId);
    if (before === undefined) return state;
    const score = state.misconduct.includes(event) ? worse(before) : better(before, state);
    return withScore(state, { memberId, score });
  },
  applySnapshot: (state, { diverged }) => diverged.reduce(withScore, state),
  snapshot: ({ trusted, defaultScore }) => ({
    diverged: trusted.filter(({ score }) => score !== defaultScore),
  }),

  scoreFor: scoreOf,
  membersBelowThreshold: ({ trusted, threshold }) =>
    trusted.filter(({ score }) => score <= threshold).map(({ memberId }) => memberId),
  allMembersWithScores: ({ trusted }) => trusted,

  threshold: ({ threshold }) => threshold,
  withThreshold: (state, threshold) => ({ ...state, threshold }),
  defaultScore: ({ defaultScore }) => defaultScore,
};

function misconductIn(deltas: ScoreDeltas): readonly ScoreEvent[] {
  return (Object.keys(deltas) as ScoreEvent[]).filter((event) => deltas[event] < 0n);
}

function worse(score: bigint): bigint {
  const half = score / 2n;
  const lower = score - (half > LEAST_LOSS ? half : LEAST_LOSS);
  return lower < MIN_SCORE ? MIN_SCORE : lower;
}

function better(score: bigint, { defaultScore }: TrustState): bigint {
  if (score >= defaultScore) return score;
  return score + GAIN < defaultScore ? score + GAIN : defaultScore;
}

function scoreOf({ trusted }: TrustState, memberId: MemberId): bigint | undefined {
  return trusted.find((entry) => entry.memberId === memberId)?.score;
}

/** Inserts an entry in order. Returns a new list, since plug-in state is immutable. */
function withScore(state: TrustState, entry: MemberScore): TrustState {
  const others = state.trusted.filter(({ memberId }) => memberId !== entry.memberId);
  return { ...state, trusted: [...others, entry].sort((a, b) => (a.memberId < b.memberId ? -1 : 1)) };
}
