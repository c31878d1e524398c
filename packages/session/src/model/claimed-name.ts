import { claimedName, type MemberId } from "@demls/wire/core";
import { compatibilityPolicy } from "./compatibility.js";
import { LIMITS } from "./limits.js";
import { withEntry, withoutKey } from "./persistent-collections.js";
import { rosterEntryOf } from "./roster.js";
import type { Active } from "./state.js";
import { update, type ActiveTransaction } from "./transaction.js";

/** Name that a member claims: in its leaf, or in its last chat message where leaves name no one. */
export function claimedNameOf({ mode, group, chat }: Active, member: MemberId): string | undefined {
  if (compatibilityPolicy(mode).namesLeaves) return rosterEntryOf(group, member)?.claimedName;
  return chat.names.get(member);
}

/** Notes the name in a chat message, where leaves name no one. A text that is no name leaves the former one. */
export function noteName(tx: ActiveTransaction, member: MemberId, text: string): void {
  const { mode, chat } = tx.state;
  const name = claimedName(text);
  if (compatibilityPolicy(mode).namesLeaves || name === undefined || chat.names.get(member) === name) return;
  const names = withEntry(withoutKey(chat.names, member), member, name);
  const [oldest] = names.keys();
  const isFull = names.size > LIMITS.claimedNames && oldest !== undefined;
  update(tx, "chat", { names: isFull ? withoutKey(names, oldest) : names });
}
