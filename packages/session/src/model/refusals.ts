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

/** Key package whose owner has given up. */
export interface WithdrawnKeyPackage {
  readonly member: MemberId;
  /** Its owner's signature on the notice, which others may have missed. */
  readonly signature: Uint8Array;
  /** Last second in which a commit can add it, since the Unix epoch. */
  readonly notAfterSeconds: bigint;
  /** Whether this member has sent the notice again. */
  readonly isRelayed: boolean;
}

export const refusalsSlice = {
  /** Refused joiners, the one refused longest ago first. */
  joiners: map<MemberId, Refusal>({
    shifted: (refusal, byMs) => ({ ...refusal, atMs: refusal.atMs + byMs }),
  }),
  /** Withdrawn key packages by their references, the one withdrawn longest ago first. */
  withdrawn: map<string, WithdrawnKeyPackage>(),
};

/** Joiners that are not asked about again for a while, and key packages that are not wanted any more. */
export type Refusals = SliceValue<typeof refusalsSlice>;
