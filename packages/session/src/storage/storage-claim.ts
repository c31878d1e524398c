import { DemlsError, type Storage } from "@demls/wire/core";

/** Storages that a user of this process is using. */
const inUse = new WeakSet<Storage>();

/**
 * Claims a storage for one user. Two users with one storage would overwrite each other's groups and reuse generations.
 *
 * @returns a function that releases the storage.
 * @throws DemlsError `storage-in-use` if another user of this process uses it.
 */
export function claimStorage(storage: Storage): () => void {
  if (inUse.has(storage)) {
    throw new DemlsError("storage-in-use", {
      message: "Another user of this process uses the storage.",
      field: "storage",
      remedy:
        "Give every user its own storage, and close a user before creating it again with the same storage.",
    });
  }
  inUse.add(storage);
  return () => void inUse.delete(storage);
}
