import { saturateInt64 } from "./int64.js";
import { createMapScoreStorage, type MemberScore, type PeerScoreStorage } from "./peer-score-storage.js";
import type { PeerScoringPlugin } from "./peer-scoring-plugin.js";
import type { ScoringState } from "./scoring-state.js";

/** Settings of {@link createPeerScoring}. */
export interface PeerScoringOptions<Scores> {
  /**
   * Table of the scores.
   *
   * @defaultValue {@link createMapScoreStorage}: a `Map`, copied when it changes
   */
  readonly storage: PeerScoreStorage<Scores>;
}

/**
 * Creates the default {@link PeerScoringPlugin}, with the rules of `PeerScoringService` in de-mls 3.0.0.
 *
 * Scores are signed 64-bit integers: deltas, snapshots and settings are clamped to that range.
 *
 * @example
 * ```ts
 * const scoring = createPeerScoring();
 * const empty = scoring.create(scoringConfig(), scoreDeltas());
 * const { state } = scoring.addMember(empty, bob);
 * const worse = scoring.applyOp(state, { memberId: bob, event: "broken-commit" });
 * scoring.scoreFor(worse.state, bob); // 50n
 * ```
 */
export function createPeerScoring(): PeerScoringPlugin;
/** The same rules with a custom storage. */
export function createPeerScoring<Scores>(
  options: PeerScoringOptions<Scores>,
): PeerScoringPlugin<ScoringState<Scores>>;
export function createPeerScoring(
  { storage }: PeerScoringOptions<unknown> = {
    storage: createMapScoreStorage(),
  },
): unknown {
  return peerScoringOver(storage);
}

function peerScoringOver<Scores>(storage: PeerScoreStorage<Scores>): PeerScoringPlugin<ScoringState<Scores>> {
  type State = ScoringState<Scores>;

  function withScores(state: State, entries: readonly MemberScore[]): State {
    return { ...state, scores: storage.set(state.scores, entries) };
  }

  function allMembersWithScores({ scores }: State): readonly MemberScore[] {
    return [...storage.allScores(scores)].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  }

  return Object.freeze({
    create: (config, deltas) => ({ scores: storage.empty(), config, deltas }),

    addMember: (state, memberId) => withScores(state, [{ memberId, score: state.config.defaultScore }]),
    removeMember: (state, memberId) => ({ ...state, scores: storage.remove(state.scores, memberId) }),

    applyOp(state, { memberId, event }) {
      const before = storage.get(state.scores, memberId);
      if (before === undefined) return state;
      return withScores(state, [{ memberId, score: saturateInt64(before + state.deltas[event]) }]);
    },
    applySnapshot: (state, { diverged }) =>
      withScores(
        state,
        diverged.map(({ memberId, score }) => ({ memberId, score: saturateInt64(score) })),
      ),
    snapshot: (state) => ({
      diverged: allMembersWithScores(state).filter(({ score }) => score !== state.config.defaultScore),
    }),

    scoreFor: ({ scores }, memberId) => storage.get(scores, memberId),
    membersBelowThreshold: (state) =>
      allMembersWithScores(state)
        .filter(({ score }) => score <= state.config.threshold)
        .map(({ memberId }) => memberId),
    allMembersWithScores,

    threshold: ({ config }) => config.threshold,
    withThreshold: (state, threshold) => ({
      ...state,
      config: { ...state.config, threshold: saturateInt64(threshold) },
    }),
    defaultScore: ({ config }) => config.defaultScore,
  } satisfies PeerScoringPlugin<State>);
}
