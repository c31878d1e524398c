import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "./limits.js";
import { whole, type SliceValue } from "./slice.js";

/** Epoch in which a member has signed choices of two commits. Both are in the log while the epoch is known. */
export interface Equivocation {
  readonly member: MemberId;
  readonly epoch: bigint;
}

export const evidenceSlice = {
  /** Equivocations, oldest first. */
  equivocations: whole<readonly Equivocation[]>([]),
};

/** Proofs that members were dishonest. */
export type Evidence = SliceValue<typeof evidenceSlice>;

/** The latest epoch in which a member is known to have chosen twice. */
export function equivocatedIn({ equivocations }: Evidence, member: MemberId): bigint | undefined {
  return equivocations.findLast((each) => each.member === member)?.epoch;
}

/** Whether a member is known to have chosen twice in an epoch. */
export function hasEquivocated({ equivocations }: Evidence, { member, epoch }: Equivocation): boolean {
  return equivocations.some((each) => each.member === member && each.epoch === epoch);
}

/**
 * Equivocations with another one, within the bound. Beyond it the oldest of the member with the most goes, so that one member
 * cannot push out those of others.
 *
 * @returns `undefined` if it is known.
 */
export function withEquivocation(
  evidence: Evidence,
  added: Equivocation,
): readonly Equivocation[] | undefined {
  if (hasEquivocated(evidence, added)) return undefined;
  const all = [...evidence.equivocations, added];
  if (all.length <= LIMITS.equivocations) return all;
  const numberOf = (of: MemberId): number => all.filter(({ member }) => member === of).length;
  const most = Math.max(...all.map(({ member }) => numberOf(member)));
  const victim = all.find(({ member }) => numberOf(member) === most);
  return all.filter((each) => each !== victim);
}
