import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { storageForeign, storageUnwritable } from "../engine/storage-errors.js";

/** Note beside LevelDB's files: that the store was made, and how many batches it has had at least. */
const NOTE = "demls-storage.json";
const DRAFT = `${NOTE}.new`;

/** All names of LevelDB's files. */
const OF_LEVELDB = /^(CURRENT|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(log|ldb|sst|dbtmp))$/;

/** Those that remain if the process dies while LevelDB makes its first files. */
const OF_NEW_LEVELDB = /^(LOCK|LOG|LOG\.old|MANIFEST-000001|\d+\.dbtmp)$/;

/** A folder before it is opened. */
export interface StoreFolder {
  /** `present`: LevelDB can open it; it may still be another program's. */
  readonly kind: "missing" | "present" | "damaged" | "foreign";
  /** Whether it has the note. */
  readonly isNoted: boolean;
  /** Batches in the note; 0 without one. */
  readonly batches: number;
}

/**
 * Looks at a folder without changing it. LevelDB itself would make an empty store where files are missing.
 *
 * @throws DemlsError `storage-unwritable` if the folder cannot be read; `storage-foreign` if it is none.
 */
export async function inspectFolder(location: string): Promise<StoreFolder> {
  const names = await namesIn(location);
  const known = { isNoted: names.includes(NOTE), batches: 0 };
  const others = names.filter((name) => name !== NOTE && name !== DRAFT);
  if (known.isNoted) {
    const batches = await notedBatches(location);
    const isWhole = batches !== undefined && (await hasManifest(location, others));
    return { ...known, kind: isWhole ? "present" : "damaged", batches: batches ?? 0 };
  }
  if (!others.every((name) => OF_LEVELDB.test(name))) return { ...known, kind: "foreign" };
  if (others.includes("CURRENT")) return { ...known, kind: "present" };
  return { ...known, kind: others.every((name) => OF_NEW_LEVELDB.test(name)) ? "missing" : "damaged" };
}

/**
 * Makes the folder and those above it, and flushes their entries.
 *
 * @throws DemlsError `storage-unwritable`.
 */
export async function makeFolder(location: string): Promise<void> {
  try {
    const first = await mkdir(location, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    for (let made = resolve(location); ; made = dirname(made)) {
      await flushFolder(dirname(made));
      if (made === resolve(first)) return;
    }
  } catch (error) {
    throw storageUnwritable(location, error);
  }
}

/** Replaces the note and flushes it. */
export async function noteBatches(location: string, batches: number): Promise<void> {
  const draft = await open(join(location, DRAFT), "w", 0o600);
  try {
    await draft.writeFile(`${JSON.stringify({ batches })}\n`);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(join(location, DRAFT), join(location, NOTE));
  await flushFolder(location);
}

async function namesIn(location: string): Promise<readonly string[]> {
  try {
    return await readdir(location);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") throw storageForeign(location);
    throw storageUnwritable(location, error);
  }
}

/** Whether LevelDB's list of files is there, whose name is in CURRENT. */
async function hasManifest(location: string, names: readonly string[]): Promise<boolean> {
  const manifest = await readFile(join(location, "CURRENT"), "utf8").catch(() => "");
  return names.includes(manifest.trimEnd());
}

async function notedBatches(location: string): Promise<number | undefined> {
  try {
    const note = JSON.parse(await readFile(join(location, NOTE), "utf8")) as { readonly batches?: unknown };
    return Number.isSafeInteger(note.batches) ? (note.batches as number) : undefined;
  } catch {
    return undefined;
  }
}

/** Flushes the entries of a folder, where the system can. */
async function flushFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file systems log their entries.
  const handle = await open(folder, "r").catch(() => undefined);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}
