import type { MemberId } from "@demls/wire/core";
import { optionalTime, time, whole, type SliceValue } from "./slice.js";

export const epochSlice = {
  /** Monotonic time at which this member entered the epoch. */
  enteredAtMs: time(0),
  /** Members of the previous epoch if their votes still count; otherwise empty. */
  pastMembers: whole<readonly MemberId[]>([]),
  /** Monotonic time at which this epoch's automatic votes are opened; undefined afterwards. */
  votesDueAtMs: optionalTime(),
  /** Nearest later epoch in an `epochGap` event of this epoch. */
  gapReported: whole<bigint | undefined>(undefined),
  /** Whether this epoch has had its `diverged` event. */
  divergenceReported: whole(false),
};

/** The current epoch, as this member entered it. */
export type Epoch = SliceValue<typeof epochSlice>;
