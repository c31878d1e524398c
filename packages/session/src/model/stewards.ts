import type { MemberId } from "@demls/wire/core";
import { map, optionalTime, whole, type SliceValue } from "./slice.js";

export const stewardsSlice = {
  /** Value of the steward list plug-in. */
  list: whole<unknown>(undefined),
  /** The list in force before the first election of this epoch; undefined if there was none, or no election. */
  opening: whole<unknown>(undefined),
  /** Whether any member may commit: from an accepted Deadlock until the next election. */
  recovery: whole(false),
  /** Monotonic start of the fallback proposer's timeout; undefined if no election is due. */
  electionDueSinceMs: optionalTime(),
};

/** Steward list and election state. */
export type Stewards = SliceValue<typeof stewardsSlice>;

export const scoresSlice = {
  /** Value of the scoring plug-in. */
  values: whole<unknown>(undefined),
  /** Members whose score removal was rejected, with their score on this member at that time. */
  rejectedRemovals: map<MemberId, bigint>(),
  /** Members that the group has convicted of two choices, with the latest such epoch. They pay once for it. */
  convicted: map<MemberId, bigint>(),
};

/** Peer scores. */
export type Scores = SliceValue<typeof scoresSlice>;
