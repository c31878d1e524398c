import { setImmediate as nextTurn } from "node:timers/promises";
import type { ConversationSnapshot } from "demls";
import type { PeerUser } from "../user/peer-user.js";

/**
 * Resolves when all conversations are idle: their input queues are empty, and one turn of the event loop (for signers
 * and publishes) has changed no state.
 */
export async function settle(users: Iterable<PeerUser>): Promise<void> {
  const all = [...users];
  for (let before = await statesAtRest(all); ;) {
    await nextTurn();
    const after = await statesAtRest(all);
    if (isSame(before, after)) return;
    before = after;
  }
}

/** The states of all conversations after their input queues are empty. */
async function statesAtRest(users: readonly PeerUser[]): Promise<readonly ConversationSnapshot[]> {
  const conversations = users.flatMap(({ user }) => [...user.conversations.values()]);
  for (const conversation of conversations) await conversation.admin.idle();
  return conversations.map(({ state }) => state);
}

/** Whether no snapshot has changed; an unchanged conversation keeps the same snapshot object. */
function isSame(before: readonly ConversationSnapshot[], after: readonly ConversationSnapshot[]): boolean {
  return before.length === after.length && before.every((state, index) => state === after[index]);
}
