import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { Active } from "../model/state.js";

/** Members of the left branches that this branch lacks. They will ask to be let in. */
export function companions(
  known: readonly MemberId[],
  there: readonly MemberId[],
  here: readonly MemberId[],
): readonly MemberId[] {
  const lacking = there.filter((member) => !here.includes(member));
  return [...new Set([...known, ...lacking])].slice(-LIMITS.companions);
}

/**
 * Companions of a member that leaves its branch by a new leaf: the members that came in since the branch parted from
 * the others. Earlier ones that are missing here have left, or were removed by a vote.
 */
export function companionsOf({ branches, group }: Active, here: readonly MemberId[]): readonly MemberId[] {
  const [first] = branches.forks.values();
  const before = first?.state.group.members ?? group.members;
  const since = group.members.filter((member) => !before.includes(member));
  return companions(branches.companions, since, here).filter((member) => !here.includes(member));
}
