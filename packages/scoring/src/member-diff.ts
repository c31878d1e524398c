import type { MemberId } from "@demls/wire/core";

/** Differences between a scoring table and the members. */
export interface ScoringMemberDiff {
  /** Members without a score, in the members' order. */
  readonly toAdd: readonly MemberId[];
  /** Scored ids of non-members, in the table's order. */
  readonly toRemove: readonly MemberId[];
}

/**
 * Compares the scored ids with the members.
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
