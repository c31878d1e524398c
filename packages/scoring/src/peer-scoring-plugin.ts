import type { MemberId } from "@demls/wire/core";

import type { MemberScore } from "./peer-score-storage.js";
import type { ScoreDeltas, ScoreOp } from "./score-event.js";
import type { ScoringConfig } from "./scoring-config.js";
import type { ScoringState } from "./scoring-state.js";

/** Scores that differ from the default, for a joiner that starts with all members at the default. */
export interface ScoreSnapshot {
  /** Absolute scores. */
  readonly diverged: readonly MemberScore[];
}

/**
 * Scoring rules: the counterpart of `PeerScoringPlugin` in de-mls 3.0.0, as functions of a value.
 *
 * A plug-in has no state of its own. Each call gets the state, plain data that the session stores with the
 * conversation, and returns the next.
 *
 * @typeParam S - The plug-in's state.
 */
export interface PeerScoringPlugin<S = ScoringState> {
  /**
   * State of a new conversation without tracked members.
   *
   * @param config - See {@link scoringConfig}.
   * @param deltas - See {@link scoreDeltas}.
   */
  create(config: ScoringConfig, deltas: ScoreDeltas): S;

  /** Tracks a member, at the default score. Resets a member that is tracked already: check {@link scoreFor} first. */
  addMember(state: S, memberId: MemberId): S;
  /** Stops tracking a member; no effect on an untracked one. */
  removeMember(state: S, memberId: MemberId): S;

  /** Applies one operation; no effect on an untracked member. */
  applyOp(state: S, op: ScoreOp): S;
  /**
   * Sets absolute scores from a conversation's sync. It also tracks unknown members, because a sync may arrive before
   * the membership change.
   */
  applySnapshot(state: S, snapshot: ScoreSnapshot): S;
  /** The scores that differ from the default, ascending by member id. */
  snapshot(state: S): ScoreSnapshot;

  /** A member's score; `undefined` if it is not tracked. */
  scoreFor(state: S, memberId: MemberId): bigint | undefined;
  /** Members at or below the threshold, ascending by id. */
  membersBelowThreshold(state: S): readonly MemberId[];
  /** Every tracked member, ascending by id. */
  allMembersWithScores(state: S): readonly MemberScore[];

  /** Score at or below which a member may be removed by vote. */
  threshold(state: S): bigint;
  /** Changes the threshold; scores stay as they are. */
  withThreshold(state: S, threshold: bigint): S;
  /** Score of a new member. */
  defaultScore(state: S): bigint;
}
