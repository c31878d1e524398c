import type { ConversationSync } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { time, whole, type SliceValue } from "./slice.js";

export const joiningSlice = {
  /** Monotonic time of the join request. */
  askedAtMs: time(0),
};

/** A pending join. */
export type Joining = SliceValue<typeof joiningSlice>;

export const syncSlice = {
  /** Whether a ConversationSync was applied. The creator of a group needs none. */
  synced: whole(false),
  /** Member whose commit added this one; undefined for the creator. */
  admittedBy: whole<MemberId | undefined>(undefined),
  /** Applied ConversationSync of a member other than `admittedBy`, whose own ConversationSync replaces it. */
  provisional: whole<ConversationSync | undefined>(undefined),
};

/** ConversationSync state of a joined member. */
export type Sync = SliceValue<typeof syncSlice>;
