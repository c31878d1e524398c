import { claimedName, type MemberId } from "@demls/wire/core";
import { compatibilityPolicy } from "../model/compatibility.js";
import { LIMITS } from "../model/limits.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

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
