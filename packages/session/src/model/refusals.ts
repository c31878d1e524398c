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
  /** Set if the joiner has given up: it may try again by another key package. */
  readonly withdrawn?: true;
}

export const refusalsSlice = {
  /** Refused joiners, the one refused longest ago first. */
  joiners: map<MemberId, Refusal>({
    shifted: (refusal, byMs) => ({ ...refusal, atMs: refusal.atMs + byMs }),
  }),
};

/** Joiners that are not asked about again for a while. */
export type Refusals = SliceValue<typeof refusalsSlice>;

/** Whether a joiner has given up by this key package. */
export function isWithdrawn({ joiners }: Refusals, joiner: MemberId, reference: string): boolean {
  const refusal = joiners.get(joiner);
  return refusal?.withdrawn === true && refusal.reference === reference;
}
