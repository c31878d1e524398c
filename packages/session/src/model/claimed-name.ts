import type { MemberId } from "@demls/wire/core";
import { compatibilityPolicy } from "./compatibility.js";
import { rosterEntryOf } from "./roster.js";
import type { Active } from "./state.js";

/** Name that a member claims: in its leaf, or in its last chat message where leaves name no one. */
export function claimedNameOf({ mode, group, chat }: Active, member: MemberId): string | undefined {
  if (compatibilityPolicy(mode).namesLeaves) return rosterEntryOf(group, member)?.claimedName;
  return chat.names.get(member);
}
