import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DemlsError, isBytes, type Storage, type StorageOperation } from "@demls/wire/core";
import { lockFolder } from "./folder-lock.js";
import { encodeEntry } from "./log-entry.js";
import { openRecordLog } from "./record-log.js";
import { createRecords } from "./records.js";

/** A storage in a folder, which is this process's alone until it is closed. */
export interface FileStorage extends Storage {
  /** Waits for what is being written, and gives the folder back. Idempotent. */
  close(): Promise<void>;
}

/** How {@link openFileStorage} does it. */
export interface FileStorageOptions {
  /**
   * Bytes up to which the log grows before it is written anew with what is in force; with more in force than half of
   * that, it grows to twice as much as that.
   *
   * @defaultValue 1 MiB
   */
  readonly logBytes?: number;
}

/**
 * Opens a storage: a log of batches in a file, and what they come to in memory.
 *
 * A batch is an entry of the log with a checksum, and is on the disk when `write` resolves. One that was cut off by
 * the end of the process is not there when the log is read again.
 *
 * @param folder made where it is missing, for its owner alone.
 * @throws DemlsError `storage-in-use`, `corrupt-storage`; what the file system rejects with.
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
  /** Ends when all that was asked for has been written. */
  let writing = Promise.resolve();

  async function writeNow(batch: readonly StorageOperation[], entry: Buffer): Promise<void> {
    // Whether the entry that failed is there shows when the log is read again: nothing may follow it.
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

    async scan(namespace, prefix = "") {
      if (closing !== undefined) throw storageClosed();
      return records.found(namespace, prefix);
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

/** The operation with bytes of its own: the caller's may change while it waits to be written. */
function copied(operation: StorageOperation): StorageOperation {
  if (operation.kind === "delete") return operation;
  if (!isBytes(operation.value)) throw noBytes(operation.key);
  return { ...operation, value: Uint8Array.from(operation.value) };
}

function noBytes(key: string): DemlsError<"invalid-record"> {
  return new DemlsError("invalid-record", {
    message: `The value under ${key} is no bytes.`,
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
    remedy:
      "See that there is space left and the disk is well; then close the user and the storage, and open both again.",
  });
}
