import {
  MIN_SCORE,
  type MemberScore,
  type PeerScoringPlugin,
  type ScoreDeltas,
  type ScoreEvent,
} from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";

/** Plain data: who is trusted how much, ascending by id, and what the conversation was set up with. */
export interface TrustState {
  readonly trusted: readonly MemberScore[];
  readonly threshold: bigint;
  readonly defaultScore: bigint;
  /** Which events are misconduct: those that the settings give a negative delta. How much they cost is not in them. */
  readonly misconduct: readonly ScoreEvent[];
}

/** Trust that is lost at least, so that it does not become smaller and smaller losses. */
const LEAST_LOSS = 10n;
/** Good conduct brings back so much at a time, and never more than a newcomer has. */
const GAIN = 4n;

/**
 * Scoring by trust: each misconduct costs half of what a member has, whatever it was, and is slowly made up for.
 *
 * The next score follows from the score and the event alone. A rule that also counted how often a member had done
 * it would part the members: a joiner is told the scores, and nothing else.
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

/** In a new list, where the id belongs: what was passed is never written to. */
function withScore(state: TrustState, entry: MemberScore): TrustState {
  const others = state.trusted.filter(({ memberId }) => memberId !== entry.memberId);
  return { ...state, trusted: [...others, entry].sort((a, b) => (a.memberId < b.memberId ? -1 : 1)) };
}
