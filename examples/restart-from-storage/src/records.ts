import { putRecord, type StorageOperation, type StorageRecord } from "@demls/wire/core";

/** What the batches of a log come to. */
export interface Records {
  readonly apply: (batch: readonly StorageOperation[]) => void;
  /** See `Storage.scan`. */
  found(namespace: string, prefix: string): readonly StorageRecord[];
  /** The one batch that comes to the same. */
  all(): readonly StorageOperation[];
}

/** No records yet. */
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

    found(namespace, prefix) {
      const keys = [...inNamespace(namespace).keys()].filter((key) => key.startsWith(prefix)).sort();
      return keys.map((key) => ({ key, value: Uint8Array.from(inNamespace(namespace).get(key)!) }));
    },

    all() {
      return [...namespaces].flatMap(([namespace, records]) =>
        [...records].map(([key, value]) => putRecord(namespace, key, value)),
      );
    },
  };
}
