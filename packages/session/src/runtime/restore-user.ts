import type { DriverStart } from "./driver-context.js";
import { LIMITS } from "../model/limits.js";
import { corruptStorage } from "../storage/corrupt-storage.js";
import type { KeptKeyPackage, UserStore } from "../storage/user-store.js";

/** What a user goes on with. */
export interface KeptUser {
  /** Conversations that go on, and those that have ended but for the events that nobody has taken yet. */
  readonly conversations: readonly DriverStart[];
  readonly keyPackages: readonly KeptKeyPackage[];
}

/**
 * Reads what a store keeps of a user: nothing, where there is none. What is over is forgotten here, where the
 * process ended before that was done: conversations that have ended and of which nobody has anything to hear,
 * and key packages for one that has ended or never began.
 *
 * @throws DemlsError `corrupt-storage` where records are missing or can't be read.
 */
export async function restoreUser(store: UserStore | undefined): Promise<KeptUser> {
  if (store === undefined) return { conversations: [], keyPackages: [] };
  try {
    const stores = await store.conversations();
    const restored = await Promise.all(
      stores.map(async (kept) => ({ ...(await kept.restore()), store: kept, isRestored: true })),
    );
    const live = restored.filter(({ state }) => state.phase !== "ended");
    const names = new Set(live.map(({ state }) => state.name));
    const unheard = restored
      .filter(({ state, events }) => state.phase === "ended" && events.length > 0 && !names.has(state.name))
      .slice(-LIMITS.endedConversations);
    for (const over of restored)
      if (!live.includes(over) && !unheard.includes(over)) await over.store.forget([]);
    const keyPackages = await store.keyPackages();
    const unused = keyPackages.filter(
      ({ conversation }) => conversation === undefined || names.has(conversation),
    );
    const spent = keyPackages.filter((kept) => !unused.includes(kept));
    await store.forgetKeyPackages(spent.map(({ keyPackage }) => keyPackage.reference));
    return { conversations: [...unheard, ...live], keyPackages: unused };
  } catch (error) {
    throw corruptStorage(error);
  }
}
