import type { MemberId } from "@demls/wire/core";
import { map, type SliceValue } from "./slice.js";

/** Joiner that the members have refused. */
export interface Refusal {
  /** Reference of its key package. */
  readonly reference: string;
  /** Monotonic time of the vote's result. */
  readonly atMs: number;
  /** Set if there was no vote: the joiner announced the key package while it was banned. It may try again after the ban. */
  readonly whileBanned?: true;
}

export const refusalsSlice = {
  /** Refused joiners, the one refused longest ago first. */
  joiners: map<MemberId, Refusal>({
    shifted: (refusal, byMs) => ({ ...refusal, atMs: refusal.atMs + byMs }),
  }),
};

/** Joiners that are not asked about again for a while. */
export type Refusals = SliceValue<typeof refusalsSlice>;
