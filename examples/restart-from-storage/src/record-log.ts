import { open, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { DemlsError } from "@demls/wire/core";
import { readEntries, type LogContent } from "./log-entry.js";

/** First bytes of every log, with the version of the format. */
const MAGIC = Buffer.from("demls records 1\n");

/** File mode: read and write for the owner only, since records contain secrets. */
const OWNER_ONLY = 0o600;

/** An append-only file of batches. */
export interface RecordLog {
  /** Size of the file in bytes. */
  readonly length: number;
  /** Appends a batch. It is on disk when the promise resolves. */
  append(entry: Buffer): Promise<void>;
  /** Replaces all batches with one, atomically. */
  replace(entry: Buffer): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a log, and creates it if missing.
 *
 * @throws DemlsError `corrupt-storage` if the file is not a log, or is damaged.
 */
export async function openRecordLog(path: string): Promise<RecordLog & Pick<LogContent, "batches">> {
  // Left over from a process that ended while it replaced the log.
  await rm(draftOf(path), { force: true });
  const { batches, length: whole } = await readLog(path);
  let length = MAGIC.length + whole;
  let file: FileHandle;
  if (length === MAGIC.length) file = await create();
  else file = await open(path, "a");
  // Truncates an incomplete entry, so that the next entry follows a complete one.
  await file.truncate(length);

  /** Syncs the new file before the rename, and the folder after it. */
  async function create(...entries: readonly Buffer[]): Promise<FileHandle> {
    const draft = await open(draftOf(path), "wx", OWNER_ONLY);
    try {
      await draft.writeFile(Buffer.concat([MAGIC, ...entries]));
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(draftOf(path), path);
    await syncFolder(dirname(path));
    return open(path, "a");
  }

  return {
    batches,
    get length() {
      return length;
    },
    async append(entry) {
      await file.appendFile(entry);
      await file.datasync();
      length += entry.length;
    },
    async replace(entry) {
      const replaced = file;
      file = await create(entry);
      length = MAGIC.length + entry.length;
      await replaced.close();
    },
    close: () => file.close(),
  };
}

async function readLog(path: string): Promise<LogContent> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return MAGIC;
  });
  const isLog = bytes.subarray(0, MAGIC.length).equals(MAGIC);
  const content = isLog ? readEntries(bytes.subarray(MAGIC.length)) : undefined;
  if (content === undefined) throw corruptLog(path, isLog);
  return content;
}

const draftOf = (path: string): string => `${path}.new`;

/** Syncs a folder, which makes the names of its files durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function corruptLog(path: string, isLog: boolean): DemlsError<"corrupt-storage"> {
  return new DemlsError("corrupt-storage", {
    message: `${path} is ${isLog ? "damaged before its last entry" : "not a log of records of this version"}.`,
    remedy: "Restore a backup made after the last use of the storage, or join the conversations again.",
  });
}
