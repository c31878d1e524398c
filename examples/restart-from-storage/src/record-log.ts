import { open, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { DemlsError } from "@demls/wire/core";
import { readEntries, type LogContent } from "./log-entry.js";

/** Begins every log: another layout gets another number. */
const MAGIC = Buffer.from("demls records 1\n");

/** Readable by its owner alone: records hold secrets. */
const OWNER_ONLY = 0o600;

/** A file of batches, to which further ones are added. */
export interface RecordLog {
  /** Bytes of the file. */
  readonly length: number;
  /** Adds a batch. It is on the disk when this resolves. */
  append(entry: Buffer): Promise<void>;
  /** Puts one batch in the place of all: whoever opens the file finds either the old ones or this. */
  replace(entry: Buffer): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a log, and makes it where there is none.
 *
 * @throws DemlsError `corrupt-storage` where the file is something else, or damaged.
 */
export async function openRecordLog(path: string): Promise<RecordLog & Pick<LogContent, "batches">> {
  // Left behind where a process ended while it replaced the log.
  await rm(draftOf(path), { force: true });
  const { batches, length: whole } = await readLog(path);
  let length = MAGIC.length + whole;
  let file: FileHandle;
  if (length === MAGIC.length) file = await create();
  else file = await open(path, "a");
  // What is torn goes, or the next entry would follow it.
  await file.truncate(length);

  /** The new file is whole on the disk before it has the name, and the name is there before it counts. */
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

/** A new name is in its folder for good only when the folder is on the disk. */
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
    message: `${path} is ${isLog ? "damaged in the midst of it" : "no log of records, or of another version"}.`,
    remedy: "Put back a copy of it that no process has used since, or join the conversations again.",
  });
}
