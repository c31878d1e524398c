import { putRecord, type Storage, type StorageOperation, type StorageRecord } from "@demls/wire/core";

/** Settings of {@link createMemoryStorage}. */
export interface MemoryStorageOptions {
  /**
   * What it holds from the beginning: a copy of what another one held, say.
   *
   * @defaultValue nothing
   */
  readonly records?: readonly StorageOperation[];
}

/** A {@link Storage} that lives as long as it is referred to. */
export interface MemoryStorage extends Storage {
  /** Every record, as the batch that would write them all: what {@link createMemoryStorage} starts from. */
  records(): readonly StorageOperation[];
}

/**
 * A storage in memory. It forgets everything with the process, so it is for tests and for learning what a
 * storage does.
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

  function found(namespace: string, prefix: string): StorageRecord[] {
    return [...(namespaces.get(namespace) ?? [])]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({ key, value: Uint8Array.from(value) }));
  }

  // Copied whole before any of it counts, and then at once: so there is no half of a batch, seen or left behind.
  const writeBatch = (batch: readonly StorageOperation[]): void => batch.map(copied).forEach(apply);

  writeBatch(records);
  return {
    write: async (batch) => writeBatch(batch),
    scan: async (namespace, prefix = "") => found(namespace, prefix),
    records: () =>
      [...namespaces.keys()].flatMap((namespace) =>
        found(namespace, "").map(({ key, value }) => putRecord(namespace, key, value)),
      ),
  };
}

function copied(operation: StorageOperation): StorageOperation {
  return operation.kind === "put" ? { ...operation, value: Uint8Array.from(operation.value) } : operation;
}
