import { setImmediate as nextTurn } from "node:timers/promises";
import type { ConversationSnapshot } from "demls";
import type { PeerUser } from "./peer-user.js";

/**
 * Resolves when nothing that was set off is under way any more: no conversation has an input to work on, and
 * a turn of the event loop (in which signers answer and packets leave) has changed none.
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

/** The states of all conversations, once their inputs are worked off. */
async function statesAtRest(users: readonly PeerUser[]): Promise<readonly ConversationSnapshot[]> {
  const conversations = users.flatMap(({ user }) => [...user.conversations.values()]);
  for (const conversation of conversations) await conversation.admin.idle();
  return conversations.map(({ state }) => state);
}

/** A conversation that has not changed has the same snapshot, as an object. */
function isSame(before: readonly ConversationSnapshot[], after: readonly ConversationSnapshot[]): boolean {
  return before.length === after.length && before.every((state, index) => state === after[index]);
}
