import type { MemberId } from "@demls/wire/core";

/** What brings a scoring table in line with the members. */
export interface ScoringMemberDiff {
  /** Members without a score, in the members' order. */
  readonly toAdd: readonly MemberId[];
  /** Scored who are no members, in the table's order. */
  readonly toRemove: readonly MemberId[];
}

/**
 * Compares who is scored with who is a member.
 *
 * @param scored - Ids in the scoring table.
 * @param members - Ids in the MLS group.
 */
export function scoringMemberDiff(
  scored: readonly MemberId[],
  members: readonly MemberId[],
): ScoringMemberDiff {
  const scoredIds = new Set(scored);
  const memberIds = new Set(members);
  return {
    toAdd: members.filter((id) => !scoredIds.has(id)),
    toRemove: scored.filter((id) => !memberIds.has(id)),
  };
}
