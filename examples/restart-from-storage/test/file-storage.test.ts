import { mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storageContract } from "@demls/testkit";
import { deleteRecord, putRecord, type Storage } from "@demls/wire/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openFileStorage, type FileStorage, type FileStorageOptions } from "../src/file-storage.js";

let root: string;
const folders = new Map<Storage, string>();
const storages = new Set<FileStorage>();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "demls-storage-"));
});

afterEach(async () => {
  for (const storage of storages) await storage.close();
  storages.clear();
});

afterAll(() => rm(root, { recursive: true }));

const freshFolder = (): Promise<string> => mkdtemp(join(root, "storage-"));
const logOf = (folder: string): string => join(folder, "records.log");

async function openIn(folder: string, options?: FileStorageOptions): Promise<FileStorage> {
  const storage = await openFileStorage(folder, options);
  folders.set(storage, folder);
  storages.add(storage);
  return storage;
}

/** Opens the storage again, as the next process would. */
async function reopen(storage: Storage, options?: FileStorageOptions): Promise<FileStorage> {
  await (storage as FileStorage).close();
  return openIn(folders.get(storage)!, options);
}

const note = (key: string, ...bytes: number[]) => putRecord("notes", key, Uint8Array.from(bytes));

async function keysIn(storage: Storage): Promise<string[]> {
  return (await storage.scan("notes")).map(({ key }) => key);
}

describe.each([
  ["a file", {}],
  ["a file that is written anew all the time", { logBytes: 0 }],
] as const)("A storage in %s keeps the contract: it", (_, options) => {
  const create = async (): Promise<Storage> => openIn(await freshFolder(), options);
  for (const { name, run } of storageContract(create, (storage) => reopen(storage, options))) test(name, run);
});

describe("After a crash during a write", () => {
  test("the storage has the earlier batches for every truncation, and accepts new ones", async () => {
    const folder = await freshFolder();
    const storage = await openIn(folder);
    await storage.write([note("first", 1), note("second", 1)]);
    const { size: before } = await stat(logOf(folder));
    await storage.write([note("second", 2), note("third", 2), deleteRecord("notes", "first")]);
    await storage.close();
    const log = await readFile(logOf(folder));
    for (let cut = before; cut < log.length; cut++) {
      await writeFile(logOf(folder), log.subarray(0, cut));
      const torn = await openIn(folder);
      expect(await keysIn(torn), `cut at ${cut}`).toEqual(["first", "second"]);
      await torn.write([note("after", 3)]);
      const again = await reopen(torn);
      expect(await keysIn(again), `cut at ${cut}`).toEqual(["after", "first", "second"]);
      await again.close();
    }
  });

  test("an incomplete replacement of the log is ignored", async () => {
    const folder = await freshFolder();
    const storage = await openIn(folder);
    await storage.write([note("first", 1)]);
    await storage.close();
    await writeFile(`${logOf(folder)}.new`, "half of a log");
    const again = await openIn(folder, { logBytes: 0 });
    await again.write([note("second", 1)]);
    expect(await keysIn(await reopen(again))).toEqual(["first", "second"]);
  });
});

describe("The log", () => {
  test("stays bounded under overwrites, and keeps the live records", async () => {
    const folder = await freshFolder();
    const storage = await openIn(folder, { logBytes: 2_000 });
    for (let number = 0; number < 100; number++) {
      await storage.write([putRecord("notes", `note ${number % 3}`, new Uint8Array(100).fill(number))]);
      expect((await stat(logOf(folder))).size).toBeLessThan(2_500);
    }
    const found = await (await reopen(storage)).scan("notes");
    expect(found.map(({ key, value }) => [key, value[0]])).toEqual([
      ["note 0", 99],
      ["note 1", 97],
      ["note 2", 98],
    ]);
  });

  test("and its folder are accessible to the owner only, also after compaction", async () => {
    const folder = join(await freshFolder(), "made", "by it");
    const storage = await openIn(folder, { logBytes: 0 });
    for (const number of [1, 2]) await storage.write([note("today", number)]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(logOf(folder))).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["is not a log", () => Buffer.from("Dear diary")],
    ["is damaged before its last entry", (log: Buffer) => log.fill(7, 30, 34)],
  ])("that %s is rejected, and stays unchanged", async (_, change) => {
    const folder = await freshFolder();
    const storage = await openIn(folder);
    await storage.write([note("first", 1)]);
    await storage.write([note("second", 1)]);
    await storage.close();
    const changed = change(await readFile(logOf(folder)));
    await writeFile(logOf(folder), changed);
    for (const _again of [1, 2])
      await expect(openFileStorage(folder)).rejects.toMatchObject({ code: "corrupt-storage" });
    expect(await readFile(logOf(folder))).toEqual(changed);
  });
});

describe("A storage", () => {
  test("with a failed write rejects all further batches until it is opened again", async () => {
    const folder = await freshFolder();
    const storage = await openIn(folder, { logBytes: 0 });
    await storage.write([note("first", 1)]);
    // Blocks the temporary file of the compaction.
    await mkdir(`${logOf(folder)}.new`);
    await expect(storage.write([note("second", 1)])).rejects.toMatchObject({ code: "EEXIST" });
    await rmdir(`${logOf(folder)}.new`);
    await expect(storage.write([note("third", 1)])).rejects.toMatchObject({ code: "storage-broken" });
    expect(await keysIn(storage)).toEqual(["first"]);
    const again = await reopen(storage);
    await again.write([note("third", 1)]);
    expect(await keysIn(again)).toEqual(["first", "third"]);
  });

  test("writes pending batches on close, then rejects batches, and closes only once", async () => {
    const storage = await openIn(await freshFolder());
    const written = storage.write([note("first", 1)]);
    await Promise.all([storage.close(), storage.close(), written]);
    await expect(storage.write([note("second", 1)])).rejects.toMatchObject({ code: "storage-closed" });
    await expect(storage.scan("notes")).rejects.toMatchObject({ code: "storage-closed" });
    expect(await keysIn(await reopen(storage))).toEqual(["first"]);
  });
});
