import type { MemberId } from "@demls/wire/core";
import { map, type SliceValue } from "./slice.js";

export const presenceSlice = {
  /** Monotonic time at which this member last heard each other one, up to a quarter of an hour earlier. */
  heardAt: map<MemberId, number>({ shifted: (atMs, byMs) => atMs + byMs }),
  /** Number of epochs in a row in which a member made no choice. A member that was heard since has no entry. */
  missedEpochs: map<MemberId, number>(),
};

/** When the other members were last heard. */
export type Presence = SliceValue<typeof presenceSlice>;
