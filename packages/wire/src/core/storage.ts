/** Operation that writes or deletes one record; deleting a missing record does nothing. */
export type StorageOperation =
  | { readonly kind: "put"; readonly namespace: string; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly namespace: string; readonly key: string };

/** A record returned by {@link Storage.scan}. */
export interface StorageRecord {
  readonly key: string;
  /** A copy that belongs to the caller. */
  readonly value: Uint8Array;
}

/**
 * Storage port: records that survive the process, as keys and bytes by namespace. Records hold secrets, so only their
 * owner may read them.
 *
 * Keys are printable ASCII of at most 1,024 characters. Namespaces are any text. One storage serves one user, in one
 * process at a time.
 */
export interface Storage {
  /**
   * Writes a batch completely or not at all, even if the promise rejects or the process dies. Of two operations on one
   * key the later counts. Once the promise resolves, the batch is durable, and the caller may change its bytes.
   *
   * Concurrent batches are allowed: each is atomic. A batch requested after another one has resolved is applied after
   * it.
   */
  write(batch: readonly StorageOperation[]): Promise<void>;
  /**
   * Returns the records of a namespace whose keys start with `prefix`, ascending by key; all of them without one. A
   * scan never sees half of a batch.
   */
  scan(namespace: string, prefix?: string): Promise<readonly StorageRecord[]>;
}

/** A {@link StorageOperation} that writes a record. */
export function putRecord(namespace: string, key: string, value: Uint8Array): StorageOperation {
  return { kind: "put", namespace, key, value };
}

/** A {@link StorageOperation} that deletes a record. */
export function deleteRecord(namespace: string, key: string): StorageOperation {
  return { kind: "delete", namespace, key };
}
