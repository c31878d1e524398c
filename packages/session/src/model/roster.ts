import type { MemberId } from "@demls/wire/core";

/** Entry of a member in the roster of a group or an epoch; `undefined` if it is not in it. */
export function rosterEntryOf<Entry extends { readonly member: MemberId }>(
  { roster }: { readonly roster: readonly Entry[] },
  member: MemberId,
): Entry | undefined {
  return roster.find((entry) => entry.member === member);
}
