import type { MemberId } from "@demls/wire/core";
import type { Environment } from "./environment.js";

/** Entry of a member in the roster of a group or an epoch; `undefined` if it is not in it. */
export function rosterEntryOf<Entry extends { readonly member: MemberId }>(
  { roster }: { readonly roster: readonly Entry[] },
  member: MemberId,
): Entry | undefined {
  return roster.find((entry) => entry.member === member);
}

/** Position of this member in a roster; -1 if it is not in it. */
export function ownPosition(
  { env }: { readonly env: Pick<Environment, "self"> },
  { roster }: { readonly roster: readonly { readonly member: MemberId }[] },
): number {
  return roster.findIndex(({ member }) => member === env.self);
}
