import { link, mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesToHex } from "@demls/wire";
import { DemlsError, type RandomSource } from "demls";
import type { ChatFiles } from "./chat-files.js";

/** The longest file of a chat has some thousand bytes; a much longer file is not one. */
const MAX_FILE_BYTES = 65_536;
/** File mode: read and write for the owner only. */
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/** The {@link ChatFiles} of this machine, with mode 0600, and 0700 for folders. Storages are LevelDB's. */
export function createPrivateFiles(random: RandomSource): ChatFiles {
  /** Writes a whole file beside `path`, and moves it there. */
  async function write(path: string, text: string, move: (draft: string) => Promise<void>): Promise<void> {
    const draft = `${path}.${bytesToHex(random.bytes(8))}.new`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
      const file = await open(draft, "w", OWNER_ONLY);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await move(draft);
    } finally {
      await unlink(draft).catch(() => undefined);
    }
  }

  return {
    read: (path) => namingPath(path, () => readPrivate(path)),

    create: (path, text) =>
      namingPath(path, async () => {
        try {
          // Unlike a rename, a link never replaces an existing file.
          await write(path, text, (draft) => link(draft, path));
          return true;
        } catch (error) {
          if (codeOf(error) === "EEXIST" && (await exists(path))) return false;
          throw error;
        }
      }),

    replace: (path, text) => namingPath(path, () => write(path, text, (draft) => rename(draft, path))),

    names: (folder) =>
      namingPath(folder, async () => {
        try {
          return (await readdir(folder)).sort();
        } catch (error) {
          if (codeOf(error) === "ENOENT") return [];
          throw error;
        }
      }),

    remove: (folder) => namingPath(folder, () => rm(folder, { recursive: true, force: true })),

    async openStorage(folder, createIfMissing) {
      await namingPath(folder, () => mkdir(dirname(folder), { recursive: true, mode: OWNER_ONLY_FOLDER }));
      // Imported when it is needed: it loads a native library.
      const { openLevelStorage } = await import("@demls/storage-level");
      return openLevelStorage(folder, { createIfMissing });
    },
  };
}

async function readPrivate(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, "r");
    try {
      // `stat` of the open file, since the path might name another file when it is read.
      const { mode, size } = await file.stat();
      if (process.platform !== "win32" && (mode & OTHERS) !== 0) throw exposed(path);
      if (size > MAX_FILE_BYTES) throw tooLong(path);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Turns an error of the file system into one that names the path. */
async function namingPath<Result>(path: string, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof DemlsError) throw error;
    throw new DemlsError("file-unusable", {
      message: `${path} cannot be used (${codeOf(error) ?? "unknown error"}).`,
      remedy: "Check the file and its folder.",
    });
  }
}

/** The code of a Node system error, such as `ENOENT`. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function exposed(path: string): DemlsError<"file-exposed"> {
  return new DemlsError("file-exposed", {
    message: `${path} contains a secret, but other users may read it.`,
    remedy: `Run chmod 600 ${path}. If others may have read the secret, use another one.`,
  });
}

function tooLong(path: string): DemlsError<"file-too-long"> {
  return new DemlsError("file-too-long", {
    message: `${path} is too long to be a file of a chat.`,
    remedy: "Give another file.",
  });
}
