import { DemlsError, type Storage } from "@demls/wire/core";

/** Storages that a user of this process is using. */
const inUse = new WeakSet<Storage>();

/**
 * Claims a storage for one user. Two users on one storage would overwrite each other's groups and use generations twice.
 *
 * @returns a function that releases the storage.
 * @throws DemlsError `storage-in-use` where another user of this process has it.
 */
export function claimStorage(storage: Storage): () => void {
  if (inUse.has(storage)) {
    throw new DemlsError("storage-in-use", {
      message: "Another user of this process is using the storage.",
      field: "storage",
      remedy:
        "Give every user its own storage, and close a user before another one goes on with its storage.",
    });
  }
  inUse.add(storage);
  return () => void inUse.delete(storage);
}
