import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DemlsError, isBytes, type Storage, type StorageOperation } from "@demls/wire/core";
import { lockFolder } from "./folder-lock.js";
import { encodeEntry } from "./log-entry.js";
import { openRecordLog } from "./record-log.js";
import { createRecords } from "./records.js";

/** A storage in a folder, which is locked for this process until {@link FileStorage.close}. */
export interface FileStorage extends Storage {
  /** Waits for pending writes and releases the folder. Idempotent. */
  close(): Promise<void>;
}

/** Options of {@link openFileStorage}. */
export interface FileStorageOptions {
  /**
   * Size in bytes at which the log is compacted to its live records. If these take more than half of it, the limit is
   * twice their size.
   *
   * @defaultValue 1 MiB
   */
  readonly logBytes?: number;
}

/**
 * Opens a storage: a log of batches in a file, and the resulting records in memory.
 *
 * Each batch is a log entry with a checksum, and is on disk when `write` resolves. A batch that a crash truncated is
 * dropped when the log is read again.
 *
 * @param folder created if missing, with access for the owner only.
 * @throws DemlsError `storage-in-use`, `corrupt-storage`; errors of the file system.
 */
export async function openFileStorage(
  folder: string,
  { logBytes = 1_048_576 }: FileStorageOptions = {},
): Promise<FileStorage> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  const log = await openRecordLog(join(folder, "records.log")).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const records = createRecords();
  log.batches.forEach(records.apply);

  let snapshotBytes = 0;
  let failure: unknown;
  let closing: Promise<void> | undefined;
  /** Resolves after all requested batches are written. */
  let writing = Promise.resolve();

  async function writeNow(batch: readonly StorageOperation[], entry: Buffer): Promise<void> {
    // The failed entry may be on disk or not, so that no entry may follow before the log is read again.
    if (failure !== undefined) throw storageBroken(failure);
    try {
      if (log.length > Math.max(logBytes, 2 * snapshotBytes)) await compact();
      await log.append(entry);
    } catch (error) {
      failure = error;
      throw error;
    }
    records.apply(batch);
  }

  async function compact(): Promise<void> {
    await log.replace(encodeEntry(records.all()));
    snapshotBytes = log.length;
  }

  return {
    async write(batch) {
      if (closing !== undefined) throw storageClosed();
      const copy = batch.map(copied);
      const entry = encodeEntry(copy);
      const written = writing.then(() => writeNow(copy, entry));
      writing = written.catch(() => undefined);
      return written;
    },

    async scan(namespace, options) {
      if (closing !== undefined) throw storageClosed();
      return records.found(namespace, options);
    },

    close: () =>
      (closing ??= writing.then(async () => {
        try {
          await log.close();
        } finally {
          await unlock();
        }
      })),
  };
}

/** Copies the bytes of an operation, since the caller may change them before the write. */
function copied(operation: StorageOperation): StorageOperation {
  if (operation.kind === "delete") return operation;
  if (!isBytes(operation.value)) throw noBytes(operation.key);
  return { ...operation, value: Uint8Array.from(operation.value) };
}

function noBytes(key: string): DemlsError<"invalid-record"> {
  return new DemlsError("invalid-record", {
    message: `The value of ${key} is not a Uint8Array.`,
    field: "value",
    remedy: "Pass a Uint8Array.",
  });
}

function storageClosed(): DemlsError<"storage-closed"> {
  return new DemlsError("storage-closed", {
    message: "The storage is closed.",
    remedy: "Close the user before its storage.",
  });
}

function storageBroken(failure: unknown): DemlsError<"storage-broken"> {
  return new DemlsError("storage-broken", {
    message: `A batch could not be written: ${String(failure)}`,
    remedy: "Check the disk and its free space. Then close the user and the storage, and open both again.",
  });
}
