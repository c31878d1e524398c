import type { MemberId } from "@demls/wire/core";
import { optionalTime, time, whole, type SliceValue } from "./slice.js";

export const epochSlice = {
  /** Monotonic time at which this member entered the epoch. */
  enteredAtMs: time(0),
  /** Members of the epoch before, where their votes still count; otherwise empty. */
  pastMembers: whole<readonly MemberId[]>([]),
  /** Monotonic time at which the votes that the epoch calls for are opened; absent once they are. */
  votesDueAtMs: optionalTime(),
  /** The nearest later epoch that an `epochGap` event of this epoch has named. */
  gapReported: whole<bigint | undefined>(undefined),
  /** Whether this epoch has had its `diverged` event. */
  divergenceReported: whole(false),
};

/** The current epoch, as this member entered it. */
export type Epoch = SliceValue<typeof epochSlice>;
