import type { MemberId } from "@demls/wire/core";

import type { MemberScore } from "./peer-score-storage.js";
import type { ScoreDeltas, ScoreOp } from "./score-event.js";
import type { ScoringConfig } from "./scoring-config.js";
import type { ScoringState } from "./scoring-state.js";

/** Scores that differ from the default, for a joiner, who starts with every member at the default. */
export interface ScoreSnapshot {
  /** Absolute scores. */
  readonly diverged: readonly MemberScore[];
}

/**
 * What an event costs: the counterpart of `PeerScoringPlugin` in de-mls 3.0.0, as functions of a value.
 *
 * A plug-in holds nothing itself. It is passed its state, which is plain data that the session stores with
 * the conversation, and hands back a new one.
 *
 * @typeParam S - The plug-in's state.
 */
export interface PeerScoringPlugin<S = ScoringState> {
  /**
   * The state of a new conversation, in which nobody is tracked.
   *
   * @param config - See {@link scoringConfig}.
   * @param deltas - See {@link scoreDeltas}.
   */
  create(config: ScoringConfig, deltas: ScoreDeltas): S;

  /** Tracks a member at the default score. One that is tracked already starts over: ask {@link scoreFor} first. */
  addMember(state: S, memberId: MemberId): S;
  /** Stops tracking a member; without effect on one that is not tracked. */
  removeMember(state: S, memberId: MemberId): S;

  /** Applies one operation. Without effect on a member that is not tracked. */
  applyOp(state: S, op: ScoreOp): S;
  /**
   * Sets absolute scores, as a conversation's sync carries them. Members that were not tracked are from now
   * on, because a sync may come before the membership it speaks of.
   */
  applySnapshot(state: S, snapshot: ScoreSnapshot): S;
  /** The scores that differ from the default, ascending by member id. */
  snapshot(state: S): ScoreSnapshot;

  /** A member's score; `undefined` where it is not tracked. */
  scoreFor(state: S, memberId: MemberId): bigint | undefined;
  /** Members at or below the threshold, ascending by id. */
  membersBelowThreshold(state: S): readonly MemberId[];
  /** Every tracked member, ascending by id. */
  allMembersWithScores(state: S): readonly MemberScore[];

  /** At or below this score a member may be voted out. */
  threshold(state: S): bigint;
  /** Another threshold, which changes no score. */
  withThreshold(state: S, threshold: bigint): S;
  /** Score of a new member. */
  defaultScore(state: S): bigint;
}
