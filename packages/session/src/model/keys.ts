import type { MemberId } from "@demls/wire/core";
import { map, optionalTime, type SliceValue } from "./slice.js";

export const keysSlice = {
  /** Monotonic time since which this member has the HPKE keys of its leaf; undefined until it is first noted. */
  renewedAtMs: optionalTime(),
  /** Monotonic time at which new keys were requested; undefined unless they are to be renewed as soon as possible. */
  requestedAtMs: optionalTime(),
  /** Monotonic time of this member's first candidate of the epoch: the storage has its keys since then. */
  candidateAtMs: optionalTime(),
  /** Monotonic time since which the renewal is due and nothing else is to commit. */
  anchoredAtMs: optionalTime(),
  /** Monotonic time at which this member merged the last commit without changes of each member. */
  renewals: map<MemberId, number>({ shifted: (atMs, byMs) => atMs + byMs }),
};

/** Age and renewal of the members' HPKE keys. */
export type Keys = SliceValue<typeof keysSlice>;
