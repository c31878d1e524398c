import type { MlsService, OwnKeyPackage } from "@demls/mls";
import { LIMITS } from "../model/limits.js";
import type { KeptKeyPackage, UserStore } from "../storage/user-store.js";

/** A user's own key packages: each is good for one welcome, and its private part is wiped with it. */
export interface KeyPackageStore {
  /** Makes one and keeps it. `conversation` is the one it is announced to, if it is for one. */
  generate(conversation?: string): Promise<OwnKeyPackage>;
  /** All that no welcome has used. */
  unused(): readonly OwnKeyPackage[];
  /** References of those made for a conversation. */
  madeFor(conversation: string): readonly string[];
  /** Wipes the one that a welcome used. What is stored of it went with the welcome's batch. */
  consume(reference: string): void;
  /** Wipes those made for a conversation that is over, or all. */
  discard(conversation?: string): void;
}

/**
 * @param store - keeps them over the end of the process, where there is one.
 * @param restored - what it has kept, the oldest first.
 */
export function createKeyPackageStore(
  mls: MlsService,
  store?: UserStore,
  restored: readonly KeptKeyPackage[] = [],
): KeyPackageStore {
  const kept = new Map(restored.map((entry) => [entry.keyPackage.reference, entry]));
  let lastSerial = restored.at(-1)?.serial ?? 0;

  function consume(reference: string): void {
    const entry = kept.get(reference);
    if (entry === undefined) return;
    kept.delete(reference);
    mls.wipeKeyPackage(entry.keyPackage);
  }

  return {
    async generate(conversation) {
      const keyPackage = await mls.generateKeyPackage();
      const entry = { keyPackage, conversation, serial: ++lastSerial };
      const excess = [...kept.keys()].slice(0, Math.max(0, kept.size + 1 - LIMITS.keyPackages));
      await store?.keepKeyPackage(entry, excess);
      kept.set(keyPackage.reference, entry);
      excess.forEach(consume);
      return keyPackage;
    },
    unused: () => [...kept.values()].map(({ keyPackage }) => keyPackage),
    madeFor: (conversation) =>
      [...kept.values()]
        .filter((entry) => entry.conversation === conversation)
        .map(({ keyPackage }) => keyPackage.reference),
    consume,
    discard(conversation) {
      for (const [reference, entry] of kept) {
        if (conversation === undefined || entry.conversation === conversation) consume(reference);
      }
    },
  };
}
