import {
  type BoundGroup,
  leafName,
  MAX_REPLACED_LEAVES,
  type MlsService,
  type OwnKeyPackage,
} from "@demls/mls";
import type { ProvedLeafKey } from "./own-leaf-key.js";
import { LIMITS } from "../model/limits.js";
import type { KeptKeyPackage, UserStore } from "../storage/user-store.js";

/** Options of a key package. */
export interface LeafOptions {
  /** The only group that may add it; any group by default. */
  readonly boundTo?: BoundGroup | undefined;
  /** Names of leaves of this user that it replaces besides. */
  readonly replaces?: readonly Uint8Array[] | undefined;
  /** Name that it claims; that of the user by default. */
  readonly claimedName?: string | undefined;
}

/** A user's own key packages. Each is valid for one welcome, and its private keys are wiped afterwards. */
export interface KeyPackageStore {
  /**
   * Generates and stores a key package with the key of new leaves and its proof. It replaces leaves of this user with one
   * of the leaves `replaces`, and those of earlier key packages for the same conversation: their welcomes may have
   * been lost.
   */
  generate(key: ProvedLeafKey, leaf?: LeafOptions): Promise<OwnKeyPackage>;
  /** Key packages that are not consumed yet. */
  unused(): readonly OwnKeyPackage[];
  /** References of the key packages generated for a conversation. */
  madeFor(conversation: string): readonly string[];
  /** Wipes a consumed key package. Its record was deleted in the same batch as the welcome's step. */
  consume(reference: string): void;
  /** Wipes the key packages generated for an ended conversation, or all. */
  discard(conversation?: string): void;
}

/**
 * @param usualName - name that the key packages claim if no other one is given.
 * @param store - persists key packages; undefined without a storage.
 * @param restored - stored key packages, oldest first.
 */
export function createKeyPackageStore(
  mls: MlsService,
  usualName: string,
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

  const madeFor = (conversation: string) =>
    [...kept.values()].filter((entry) => entry.conversation === conversation);

  async function leavesFor(conversation: string): Promise<readonly Uint8Array[]> {
    const inspections = await Promise.all(
      madeFor(conversation).map(({ keyPackage }) => mls.inspectKeyPackage(keyPackage.bytes)),
    );
    return inspections.flatMap((found) =>
      found.ok && found.admission ? [leafName(conversation, found.admission)] : [],
    );
  }

  /** Key packages that make room for one more. */
  function surplus(conversation: string | undefined): readonly string[] {
    const made = conversation === undefined ? [] : madeFor(conversation);
    if (made.length >= LIMITS.conversationKeyPackages)
      return made.slice(0, 1).map(({ keyPackage }) => keyPackage.reference);
    return [...kept.keys()].slice(0, Math.max(0, kept.size + 1 - LIMITS.keyPackages));
  }

  return {
    async generate({ mls, identityProof }, { boundTo, replaces = [], claimedName = usualName } = {}) {
      const conversation = boundTo?.name;
      const earlier = conversation === undefined ? [] : await leavesFor(conversation);
      const named = [...earlier.slice(1 - MAX_REPLACED_LEAVES), ...replaces];
      const keyPackage = await mls.generateKeyPackage({
        identityProof,
        replaces: named,
        claimedName,
        boundTo,
      });
      const entry = { keyPackage, conversation, serial: ++lastSerial };
      const excess = surplus(conversation);
      await store?.keepKeyPackage(entry, excess);
      kept.set(keyPackage.reference, entry);
      excess.forEach(consume);
      return keyPackage;
    },
    unused: () => [...kept.values()].map(({ keyPackage }) => keyPackage),
    madeFor: (conversation) => madeFor(conversation).map(({ keyPackage }) => keyPackage.reference),
    consume,
    discard(conversation) {
      for (const [reference, entry] of kept) {
        if (conversation === undefined || entry.conversation === conversation) consume(reference);
      }
    },
  };
}
