import type { MemberId } from "@demls/wire/core";
import { map, type SliceValue } from "./slice.js";

/** Removal of a member that its group remembers. */
export interface Ban {
  /** MLS epoch that the removal began. */
  readonly epoch: bigint;
  /** Time at which it ends, by the wall clock: seconds since the Unix epoch. */
  readonly until: bigint;
  /** Whether a member has lifted it. It is kept, so that a record of a member that does not know so has no effect. */
  readonly lifted: boolean;
}

export const bansSlice = {
  /** Banned members and those whose ban was lifted, the one whose ban ends last first. */
  members: map<MemberId, Ban>(),
};

/** Members that the group has removed, and that are not let in again by default. */
export type Bans = SliceValue<typeof bansSlice>;
