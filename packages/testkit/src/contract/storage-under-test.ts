import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";

/** Makes an empty storage of the implementation under test: another one with every call. */
export type CreateStorage = () => Storage | Promise<Storage>;

/**
 * Opens anew what a storage holds, as the next process would: from its files, say. Nothing of it may come from
 * the memory of the one that was there before.
 */
export type ReopenStorage = (storage: Storage) => Storage | Promise<Storage>;

/** A record of few bytes. */
export function put(namespace: string, key: string, ...bytes: readonly number[]): StorageOperation {
  return putRecord(namespace, key, Uint8Array.from(bytes));
}
