import type { MemberId } from "@demls/wire/core";
import { map, whole, type SliceValue } from "./slice.js";

/** Removal of a member that its group remembers. */
export interface Ban {
  /** MLS epoch that the removal began. */
  readonly epoch: bigint;
  /** Time at which it ends, by the wall clock: seconds since the Unix epoch. */
  readonly until: bigint;
  /**
   * Whether a member has lifted it. A lifted ban is kept, so that records of members that do not know this have no
   * effect.
   */
  readonly lifted: boolean;
  /** Whether this member knows it from a ConversationSync or the record of a commit alone. */
  readonly told: boolean;
  /** Author of a commit whose record states it as lifted. A record of a second author lifts it. */
  readonly liftToldBy: MemberId | undefined;
}

export const bansSlice = {
  /** Banned members and those whose ban was lifted, the one whose ban ends last first. */
  members: map<MemberId, Ban>(),
  /** Members whose leave is approved, and whose removal was approved besides: the commit bans them. */
  condemned: whole<readonly MemberId[]>([]),
  /** Epochs that began without members that have left, oldest first: a vote on their removal may still be open. */
  leavers: map<MemberId, bigint>(),
};

/** Members that the group has removed, and that are not let in again by default. */
export type Bans = SliceValue<typeof bansSlice>;
