import type { MlsService, OwnKeyPackage } from "@demls/mls";

/** How many unused key packages a user keeps; the oldest is wiped, and a welcome for it comes too late. */
const MAX_KEY_PACKAGES = 64;

/** A user's own key packages: each is good for one welcome, and its private part is wiped with it. */
export interface KeyPackageStore {
  /** Makes one and keeps it. `conversation` is the one it is announced to, if it is for one. */
  generate(conversation?: string): Promise<OwnKeyPackage>;
  /** All that no welcome has used. */
  unused(): readonly OwnKeyPackage[];
  /** Wipes the one that a welcome used. */
  consume(reference: string): void;
  /** Wipes those made for a conversation that is over, or all. */
  discard(conversation?: string): void;
}

export function createKeyPackageStore(mls: MlsService): KeyPackageStore {
  const kept = new Map<
    string,
    { readonly keyPackage: OwnKeyPackage; readonly conversation: string | undefined }
  >();

  function consume(reference: string): void {
    const entry = kept.get(reference);
    if (entry === undefined) return;
    kept.delete(reference);
    mls.wipeKeyPackage(entry.keyPackage);
  }

  return {
    async generate(conversation) {
      const keyPackage = await mls.generateKeyPackage();
      kept.set(keyPackage.reference, { keyPackage, conversation });
      const oldest = kept.keys().next().value;
      if (kept.size > MAX_KEY_PACKAGES && oldest !== undefined) consume(oldest);
      return keyPackage;
    },
    unused: () => [...kept.values()].map(({ keyPackage }) => keyPackage),
    consume,
    discard(conversation) {
      for (const [reference, entry] of kept) {
        if (conversation === undefined || entry.conversation === conversation) consume(reference);
      }
    },
  };
}
