import type { ConversationSync } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { time, whole, type SliceValue } from "./slice.js";

export const joiningSlice = {
  /** Monotonic time at which this member asked to join. */
  askedAtMs: time(0),
};

/** A pending join. */
export type Joining = SliceValue<typeof joiningSlice>;

export const syncSlice = {
  /** Whether a ConversationSync has been applied. The creator of a group needs none. */
  synced: whole(false),
  /** The member whose commit added this one, by the welcome; absent for the creator. */
  admittedBy: whole<MemberId | undefined>(undefined),
  /** The ConversationSync that was applied, where another member than `admittedBy` sent it: that one's replaces it. */
  provisional: whole<ConversationSync | undefined>(undefined),
};

/** The ConversationSync of a member that joined. */
export type Sync = SliceValue<typeof syncSlice>;
