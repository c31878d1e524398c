/** Error codes of `@demls/storage-level`, for thrown errors and rejections. */
export type LevelStorageErrorCode =
  // Of `openLevelStorage`.
  /** There is no storage, and `createIfMissing` is `false`. */
  | "storage-missing"
  /** The folder or the database holds something else than a storage of this package. */
  | "storage-foreign"
  /** A later release wrote the storage. */
  | "storage-newer"
  /** The page has no IndexedDB, or has no Web Locks and `takeOver` is not set. */
  | "storage-unsupported"
  // Of `openLevelStorage`, `write` and `scan`.
  /** Another process, thread or tab has the storage open, or has taken it over. */
  | "storage-in-use"
  /** Records were changed, lost or truncated behind the storage's back. */
  | "storage-damaged"
  // Of `openLevelStorage` and `write`.
  /** The disk is full or read-only, or the batch failed otherwise; the storage has to be opened again. */
  | "storage-unwritable"
  // Of `write` and `scan`.
  /** The storage is closed. */
  | "storage-closed"
  /** A key is not printable ASCII of at most 1,024 characters, or a value is not a `Uint8Array`. */
  | "invalid-record";
