/** Error codes of `@demls/storage-encrypted`; errors of the wrapped storage pass through. */
export type EncryptedStorageErrorCode =
  // Of `encryptedStorage`.
  /** The passphrase does not open the storage. */
  | "wrong-passphrase"
  /** The key does not open the storage. */
  | "wrong-key"
  /** Nothing is encrypted in the storage, and `createIfMissing` is `false`. */
  | "storage-missing"
  /** Another wrapper of this process has the storage. */
  | "storage-in-use"
  /** A later release wrote the storage. */
  | "storage-newer"
  // Of `encryptedStorage` and `changeSecret`.
  /** `key` is not 32 bytes, or `passphrase` is not well-formed text of at least one character. */
  | "invalid-secret"
  /** `scrypt` has a cost out of range. */
  | "invalid-scrypt-cost"
  // Of `encryptedStorage` and `scan`.
  /** Records were changed, exchanged, rolled back, added or removed behind the storage's back. */
  | "storage-damaged"
  // Of `write`, `scan` and `changeSecret`.
  /** The storage is closed. */
  | "storage-closed"
  /** A value is not a `Uint8Array`. */
  | "invalid-record";
