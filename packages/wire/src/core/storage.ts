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

/** Records of a namespace that {@link Storage.scan} returns; without options, all of them. The conditions add up. */
export interface ScanOptions {
  /**
   * Beginning of the keys.
   *
   * @defaultValue any beginning
   */
  readonly prefix?: string | undefined;
  /**
   * Keys after this one in ascending order, which need not exist. The key itself is left out.
   *
   * @defaultValue no bound
   */
  readonly after?: string | undefined;
  /**
   * Keys before this one in ascending order, which need not exist. The key itself is left out.
   *
   * @defaultValue no bound
   */
  readonly before?: string | undefined;
  /**
   * Maximum number of records, a whole number: the first ones in the order of the result.
   *
   * @defaultValue no bound
   */
  readonly limit?: number | undefined;
  /**
   * Descending order.
   *
   * @defaultValue `false`: ascending
   */
  readonly reverse?: boolean | undefined;
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
   * Returns records of a namespace, ordered by the character codes of their keys. A scan never sees half of a batch.
   * With a `limit`, it need not read the other records.
   *
   * @example
   * ```ts
   * const newest = await storage.scan("notes", { prefix: "day/", limit: 50, reverse: true });
   * const before = newest.at(-1)?.key;
   * const older = await storage.scan("notes", { prefix: "day/", before, limit: 50, reverse: true });
   * ```
   */
  scan(namespace: string, options?: ScanOptions): Promise<readonly StorageRecord[]>;
}

/**
 * The keys that a scan returns, of all keys of a namespace in any order: for storages that have the keys in memory, and
 * for tests.
 *
 * @example
 * ```ts
 * scannedKeys(["b", "a", "c"], { after: "a", limit: 1 }); // ["b"]
 * ```
 */
export function scannedKeys(keys: Iterable<string>, options: ScanOptions = {}): readonly string[] {
  const { prefix = "", after, before, limit, reverse = false } = options;
  const found = [...keys]
    .filter((key) => key.startsWith(prefix))
    .filter((key) => (after === undefined || key > after) && (before === undefined || key < before))
    .sort((a, b) => (a < b === reverse ? 1 : -1));
  return limit === undefined ? found : found.slice(0, limit);
}

/** A {@link StorageOperation} that writes a record. */
export function putRecord(namespace: string, key: string, value: Uint8Array): StorageOperation {
  return { kind: "put", namespace, key, value };
}

/** A {@link StorageOperation} that deletes a record. */
export function deleteRecord(namespace: string, key: string): StorageOperation {
  return { kind: "delete", namespace, key };
}
