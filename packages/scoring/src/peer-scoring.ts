import type { MemberId } from "@demls/wire/core";

import { saturateInt64 } from "./int64.js";
import { createMapScoreStorage, type MemberScore, type PeerScoreStorage } from "./peer-score-storage.js";
import type { PeerScoringEvent, PeerScoringPlugin, ScoringUpdate } from "./peer-scoring-plugin.js";
import type { ScoreOp } from "./score-event.js";
import type { ScoringConfig } from "./scoring-config.js";
import type { ScoringState } from "./scoring-state.js";

/** Settings of {@link createPeerScoring}. */
export interface PeerScoringOptions<Scores> {
  /**
   * Holds the scores.
   *
   * @defaultValue {@link createMapScoreStorage}: a `Map`, copied when it changes
   */
  readonly storage: PeerScoreStorage<Scores>;
}

/**
 * The default {@link PeerScoringPlugin}: the rules of `PeerScoringService` in de-mls 3.0.0.
 *
 * Scores are signed 64-bit and stop at the bounds: neither deltas nor snapshots nor settings carry one
 * beyond.
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
/** The same rules over a storage of one's own. */
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

  /** The state with these scores set one after another, and what each of them crossed. */
  function setScores(state: State, entries: readonly MemberScore[]): ScoringUpdate<State> {
    const current = new Map<MemberId, bigint>();
    const events = entries.flatMap(({ memberId, score }) => {
      const before = current.get(memberId) ?? storage.get(state.scores, memberId);
      current.set(memberId, score);
      return crossing(memberId, before, score, state.config.threshold);
    });
    return { state: { ...state, scores: storage.set(state.scores, entries) }, events };
  }

  function applyOps(state: State, ops: readonly ScoreOp[]): ScoringUpdate<State> {
    const current = new Map<MemberId, bigint>();
    const entries = ops.flatMap(({ memberId, event }) => {
      const before = current.get(memberId) ?? storage.get(state.scores, memberId);
      if (before === undefined) return [];
      const score = saturateInt64(before + state.deltas[event]);
      current.set(memberId, score);
      return [{ memberId, score }];
    });
    return entries.length === 0 ? { state, events: [] } : setScores(state, entries);
  }

  function allMembersWithScores({ scores }: State): readonly MemberScore[] {
    return [...storage.allScores(scores)].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  }

  return Object.freeze({
    create: (config, deltas) => ({ scores: storage.empty(), config, deltas }),

    addMember(state, memberId) {
      const { defaultScore: score, threshold } = state.config;
      return {
        state: { ...state, scores: storage.set(state.scores, [{ memberId, score }]) },
        // Adding starts over: a former score counts for nothing, not even as having been below already.
        events: crossing(memberId, undefined, score, threshold),
      };
    },
    removeMember: (state, memberId) => ({ ...state, scores: storage.remove(state.scores, memberId) }),

    applyOp: (state, op) => applyOps(state, [op]),
    applyOps,
    applySnapshot: (state, { diverged }) =>
      setScores(
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
    withThreshold: (state, threshold) => withConfig(state, { threshold: saturateInt64(threshold) }),
    defaultScore: ({ config }) => config.defaultScore,
    withDefaultScore: (state, score) => withConfig(state, { defaultScore: saturateInt64(score) }),
  } satisfies PeerScoringPlugin<State>);
}

function crossing(
  memberId: MemberId,
  before: bigint | undefined,
  score: bigint,
  threshold: bigint,
): readonly PeerScoringEvent[] {
  const wasAbove = before === undefined || before > threshold;
  const isAbove = score > threshold;
  if (wasAbove === isAbove) return [];
  return [{ kind: isAbove ? "crossed-up" : "crossed-down", memberId, score }];
}

function withConfig<Scores>(
  state: ScoringState<Scores>,
  changed: Partial<ScoringConfig>,
): ScoringState<Scores> {
  return { ...state, config: { ...state.config, ...changed } };
}
