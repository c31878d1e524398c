import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openLevelStorage, type LevelStorage, type LevelStorageOptions } from "../src/index.js";

/** Folders of a test file, and the storages in them. */
export interface Storages {
  /** An empty folder, deleted after the tests of the file. */
  freshFolder(): Promise<string>;
  /** Opens a storage, which is closed after the test. */
  openIn(folder: string, options?: LevelStorageOptions): Promise<LevelStorage>;
  /** Opens the storage again, as the next process would. */
  reopen(storage: Storage): Promise<LevelStorage>;
}

/** Sets up the folders of a test file. */
export function useStorages(): Storages {
  let root: string;
  const folders = new Map<Storage, string>();

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "demls-level-"));
  });

  afterEach(async () => {
    for (const storage of folders.keys()) await (storage as LevelStorage).close();
    folders.clear();
  });

  afterAll(() => rm(root, { recursive: true }));

  async function openIn(folder: string, options?: LevelStorageOptions): Promise<LevelStorage> {
    const storage = await openLevelStorage(folder, options);
    folders.set(storage, folder);
    return storage;
  }

  return {
    freshFolder: () => mkdtemp(join(root, "storage-")),
    openIn,
    async reopen(storage) {
      await (storage as LevelStorage).close();
      return openIn(folders.get(storage)!);
    },
  };
}

export function note(key: string, ...bytes: readonly number[]): StorageOperation {
  return putRecord("notes", key, Uint8Array.from(bytes));
}

export async function notesIn(storage: Storage): Promise<readonly string[]> {
  return (await storage.scan("notes")).map(({ key }) => key);
}
