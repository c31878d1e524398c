import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import type { Storage, StorageOperation } from "@demls/wire/core";

/** When a process dies: with its n-th write, counted from 1, before it takes effect or right after. */
export interface Death {
  readonly write: number;
  readonly moment: "before" | "after";
}

/** A storage whose process dies with one of its writes: nothing that it is asked for from then on ever ends. */
export interface MortalStorage extends Storage {
  /** How many writes were asked for. */
  readonly writes: number;
  /** What outlives the process. */
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
