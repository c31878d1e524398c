import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";

/** Creates an empty storage under test. Each call returns another one. */
export type CreateStorage = () => Storage | Promise<Storage>;

/**
 * Reopens a storage's contents as after a restart, for example from its files, without using the memory of the previous
 * instance.
 */
export type ReopenStorage = (storage: Storage) => Storage | Promise<Storage>;

/** Record of a few bytes. */
export function put(namespace: string, key: string, ...bytes: readonly number[]): StorageOperation {
  return putRecord(namespace, key, Uint8Array.from(bytes));
}
