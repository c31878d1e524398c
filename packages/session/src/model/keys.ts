import type { MemberId } from "@demls/wire/core";
import { map, optionalTime, whole, type SliceValue } from "./slice.js";

export const keysSlice = {
  /** Monotonic time since which this member has the HPKE keys of its leaf; undefined until it is first noted. */
  renewedAtMs: optionalTime(),
  /** Whether they are to be renewed now. */
  requested: whole(false),
  /** Monotonic time of each member's last commit without changes. */
  renewals: map<MemberId, number>({ shifted: (atMs, byMs) => atMs + byMs }),
};

/** Age and renewal of the members' HPKE keys. */
export type Keys = SliceValue<typeof keysSlice>;
