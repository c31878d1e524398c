import {
  putRecord,
  scannedKeys,
  type ScanOptions,
  type Storage,
  type StorageOperation,
  type StorageRecord,
} from "@demls/wire/core";

/** Settings of {@link createMemoryStorage}. */
export interface MemoryStorageOptions {
  /**
   * Initial records, such as a copy of another storage's.
   *
   * @defaultValue nothing
   */
  readonly records?: readonly StorageOperation[];
}

/** A {@link Storage} in memory. */
export interface MemoryStorage extends Storage {
  /** All records as one batch, which {@link createMemoryStorage} accepts as initial records. */
  records(): readonly StorageOperation[];
}

/**
 * Creates a storage in memory, for tests and as an example of the port. It forgets everything with the process.
 *
 * @example
 * ```ts
 * const storage = createMemoryStorage();
 * await storage.write([{ kind: "put", namespace: "notes", key: "today", value: Uint8Array.of(1, 2, 3) }]);
 * const [today] = await storage.scan("notes");
 * ```
 */
export function createMemoryStorage({ records = [] }: MemoryStorageOptions = {}): MemoryStorage {
  const namespaces = new Map<string, Map<string, Uint8Array>>();

  function apply(operation: StorageOperation): void {
    const { namespace, key } = operation;
    const entries = namespaces.get(namespace) ?? new Map<string, Uint8Array>();
    namespaces.set(namespace, entries);
    if (operation.kind === "delete") entries.delete(key);
    else entries.set(key, operation.value);
  }

  function found(namespace: string, options?: ScanOptions): StorageRecord[] {
    const entries = namespaces.get(namespace) ?? new Map<string, Uint8Array>();
    return scannedKeys(entries.keys(), options).map((key) => ({
      key,
      value: Uint8Array.from(entries.get(key)!),
    }));
  }

  // Copies the whole batch first and applies it synchronously, so a partial batch is never visible or stored.
  const writeBatch = (batch: readonly StorageOperation[]): void => batch.map(copied).forEach(apply);

  writeBatch(records);
  return {
    write: async (batch) => writeBatch(batch),
    scan: async (namespace, options) => found(namespace, options),
    records: () =>
      [...namespaces.keys()].flatMap((namespace) =>
        found(namespace).map(({ key, value }) => putRecord(namespace, key, value)),
      ),
  };
}

function copied(operation: StorageOperation): StorageOperation {
  return operation.kind === "put" ? { ...operation, value: Uint8Array.from(operation.value) } : operation;
}
