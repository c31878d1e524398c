import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import type { Storage, StorageOperation } from "@demls/wire/core";

/** Time of a crash: before or after the n-th write, counted from 1. */
export interface Death {
  readonly write: number;
  readonly moment: "before" | "after";
}

/** A storage whose process crashes at a write: no later operation ever settles. */
export interface MortalStorage extends Storage {
  /** Number of requested writes. */
  readonly writes: number;
  /** Records that outlive the process. */
  records(): readonly StorageOperation[];
}

export function createMortalStorage(
  records: readonly StorageOperation[],
  death: Death | undefined,
  onDeath: () => void,
): MortalStorage {
  const memory: MemoryStorage = createMemoryStorage({ records });
  let writes = 0;
  let isDead = false;
  const never = (): Promise<never> => new Promise(() => undefined);

  return {
    get writes() {
      return writes;
    },
    records: () => memory.records(),
    async write(batch) {
      if (isDead) return never();
      writes += 1;
      if (writes !== death?.write) return memory.write(batch);
      if (death.moment === "after") await memory.write(batch);
      isDead = true;
      onDeath();
      return never();
    },
    scan: (namespace, prefix) => (isDead ? never() : memory.scan(namespace, prefix)),
  };
}
