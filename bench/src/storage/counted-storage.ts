import { createMemoryStorage } from "@demls/storage-memory";
import type { Storage, StorageOperation } from "@demls/wire/core";

/** A storage in memory that counts what is written. */
export interface CountedStorage extends Storage {
  readonly batches: number;
  /** Bytes of keys and values. */
  readonly bytes: number;
  /** All records as one batch. */
  records(): readonly StorageOperation[];
}

export function countedStorage(): CountedStorage {
  const storage = createMemoryStorage();
  let [batches, bytes] = [0, 0];
  return {
    scan: storage.scan,
    records: storage.records,
    async write(batch) {
      batches += 1;
      for (const operation of batch)
        bytes += operation.key.length + (operation.kind === "put" ? operation.value.length : 0);
      await storage.write(batch);
    },
    get batches() {
      return batches;
    },
    get bytes() {
      return bytes;
    },
  };
}
