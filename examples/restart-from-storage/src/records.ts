import {
  putRecord,
  scannedKeys,
  type ScanOptions,
  type StorageOperation,
  type StorageRecord,
} from "@demls/wire/core";

/** The records after all batches of a log. */
export interface Records {
  readonly apply: (batch: readonly StorageOperation[]) => void;
  /** See `Storage.scan`. */
  found(namespace: string, options?: ScanOptions): readonly StorageRecord[];
  /** One batch with the same result. */
  all(): readonly StorageOperation[];
}

/** Creates an empty set of records. */
export function createRecords(): Records {
  const namespaces = new Map<string, Map<string, Uint8Array>>();

  function inNamespace(namespace: string): Map<string, Uint8Array> {
    const found = namespaces.get(namespace) ?? new Map<string, Uint8Array>();
    namespaces.set(namespace, found);
    return found;
  }

  return {
    apply(batch) {
      for (const operation of batch) {
        const records = inNamespace(operation.namespace);
        if (operation.kind === "put") records.set(operation.key, operation.value);
        else records.delete(operation.key);
      }
    },

    found(namespace, options) {
      const records = inNamespace(namespace);
      return scannedKeys(records.keys(), options).map((key) => ({
        key,
        value: Uint8Array.from(records.get(key)!),
      }));
    },

    all() {
      return [...namespaces].flatMap(([namespace, records]) =>
        [...records].map(([key, value]) => putRecord(namespace, key, value)),
      );
    },
  };
}
