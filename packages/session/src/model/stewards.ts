import type { MemberId } from "@demls/wire/core";
import { map, optionalTime, whole, type SliceValue } from "./slice.js";

export const stewardsSlice = {
  /** The steward list plug-in's value. */
  list: whole<unknown>(undefined),
  /** Whether any member may commit: after an accepted Deadlock emergency, until the next election. */
  recovery: whole(false),
  /** Monotonic time since which an election has been due without a proposal for it; absent while none is due. */
  electionDueSinceMs: optionalTime(),
};

/** The stewards and their election. */
export type Stewards = SliceValue<typeof stewardsSlice>;

export const scoresSlice = {
  /** The scoring plug-in's value. */
  values: whole<unknown>(undefined),
  /** Members whose removal for their score was rejected, with the score that each had here at that time. */
  rejectedRemovals: map<MemberId, bigint>(),
};

/** Peer scores. */
export type Scores = SliceValue<typeof scoresSlice>;
