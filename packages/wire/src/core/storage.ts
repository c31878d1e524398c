/** One record to write, or to delete; deleting what is not there does nothing. */
export type StorageOperation =
  | { readonly kind: "put"; readonly namespace: string; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly namespace: string; readonly key: string };

/** A record as {@link Storage.scan} finds it. */
export interface StorageRecord {
  readonly key: string;
  /** A copy, which is the caller's. */
  readonly value: Uint8Array;
}

/**
 * Keeps records over the end of the process: keys and bytes, by namespace. Records hold secrets, so whatever
 * keeps them must keep them to its owner.
 *
 * Keys are printable ASCII, of at most 1,024 characters. Namespaces are any text. One storage serves one user,
 * in one process at a time.
 */
export interface Storage {
  /**
   * Writes a batch: all of it or, when it rejects or the process dies, all or none. Of two operations on one
   * key the later counts. Once it resolves, the batch outlives the process, and the bytes are the caller's
   * again.
   *
   * Batches may be written while others still are. Each is whole by itself, and one that was asked for after
   * another had resolved comes after it.
   */
  write(batch: readonly StorageOperation[]): Promise<void>;
  /**
   * The records of a namespace whose keys begin with `prefix`, ascending by key; all of them without one. A
   * scan sees no half of a batch.
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
