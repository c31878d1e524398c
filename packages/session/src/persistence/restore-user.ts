import { DemlsError } from "@demls/wire/core";
import type { DriverStart } from "../driver-context.js";
import type { KeptKeyPackage, UserStore } from "./user-store.js";

/** What a user goes on with. */
export interface KeptUser {
  readonly conversations: readonly DriverStart[];
  readonly keyPackages: readonly KeptKeyPackage[];
}

/**
 * Reads what a store keeps of a user: nothing, where there is none. A conversation that had ended, and key
 * packages for one that was never begun, are forgotten here, since the process ended before that was done.
 *
 * @throws DemlsError `corrupt-storage` where records are missing or can't be read.
 */
export async function restoreUser(store: UserStore | undefined): Promise<KeptUser> {
  if (store === undefined) return { conversations: [], keyPackages: [] };
  try {
    const names = await store.conversations();
    const restored = await Promise.all(names.map((name) => restoreConversation(store, name)));
    const conversations = restored.filter(({ state }) => state.phase !== "ended");
    const isLeft = new Set(conversations.map(({ state }) => state.name));
    const allKeyPackages = await store.keyPackages();
    const keyPackages = allKeyPackages.filter(
      ({ conversation }) => conversation === undefined || isLeft.has(conversation),
    );
    const spent = allKeyPackages.filter((kept) => !keyPackages.includes(kept));
    for (const name of names.filter((ended) => !isLeft.has(ended))) await store.forgetConversation(name, []);
    await store.forgetKeyPackages(spent.map(({ keyPackage }) => keyPackage.reference));
    return { conversations, keyPackages };
  } catch (error) {
    throw corruptStorage(error);
  }
}

async function restoreConversation(store: UserStore, name: string): Promise<DriverStart> {
  const conversationStore = store.conversation(name);
  return { ...(await conversationStore.restore()), store: conversationStore, isRestored: true };
}

function corruptStorage(cause: unknown): DemlsError<"corrupt-storage"> {
  return new DemlsError("corrupt-storage", {
    message: "The storage does not hold what was written into it.",
    field: "storage",
    remedy:
      "See to the storage. Where it can't be mended, begin with an empty one, and ask to be let in again.",
    cause,
  });
}
