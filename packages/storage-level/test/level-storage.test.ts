import { storageContract } from "@demls/testkit";
import { deleteRecord, putRecord } from "@demls/wire/core";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { describe, expect, test, vi } from "vitest";
import { openLevelStorage, type NamedRecord } from "../src/index.js";
import { note, notesIn, useStorages } from "./storages.js";

const { freshFolder, openIn, reopen } = useStorages();

describe("A storage over LevelDB", () => {
  const create = async () => openIn(await freshFolder());
  for (const { name, run } of storageContract(create, reopen)) test(name, run);
});

describe("A new storage", () => {
  test("is made with the folders above it, which other users cannot read", async () => {
    const folder = join(await freshFolder(), "deeper", "still");
    await (await openIn(folder)).write([note("a", 1)]);
    expect((await stat(folder)).mode & 0o077).toBe(0);
  });

  test("is not made if it must exist already", async () => {
    const folder = join(await freshFolder(), "lost");
    await expect(openLevelStorage(folder, { createIfMissing: false })).rejects.toMatchObject({
      code: "storage-missing",
      field: "location",
    });
    await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
    await (await openIn(folder)).close();
    await (await openIn(folder, { createIfMissing: false })).close();
  });
});

test("All records of a storage are listed with their namespaces, of one that is open alone", async () => {
  const storage = await openIn(await freshFolder());
  await storage.write([note("a", 1), putRecord("other \0 one", "b", Uint8Array.of(2)), note("gone", 3)]);
  await storage.write([deleteRecord("notes", "gone")]);
  const found: NamedRecord[] = [];
  for await (const record of storage.records()) found.push(record);
  expect(found).toHaveLength(2);
  expect(found).toContainEqual({ namespace: "notes", key: "a", value: Uint8Array.of(1) });
  expect(found).toContainEqual({ namespace: "other \0 one", key: "b", value: Uint8Array.of(2) });
  await storage.close();
  await expect(storage.records()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: "storage-closed",
  });
});

describe("Several openings", () => {
  test("are rejected while one has the storage, and possible after it", async () => {
    const folder = await freshFolder();
    const first = await openIn(folder);
    await expect(openLevelStorage(folder)).rejects.toMatchObject({
      code: "storage-in-use",
      field: "location",
    });
    await expect(openLevelStorage(folder, { takeOver: true })).rejects.toMatchObject({
      code: "storage-in-use",
    });
    await first.write([note("a", 1)]);
    await first.close();
    expect(await notesIn(await openIn(folder))).toEqual(["a"]);
  });

  test("at the same time of a new storage let one through", async () => {
    const folder = join(await freshFolder(), "new");
    const openings = await Promise.allSettled([1, 2, 3].map(() => openIn(folder)));
    const opened = openings.filter(({ status }) => status === "fulfilled");
    const rejected = openings.flatMap((each) =>
      each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
    );
    expect(opened).toHaveLength(1);
    expect(rejected).toEqual(["storage-in-use", "storage-in-use"]);
  });
});

test("Batches that are requested at a time are written as one, in their order", async () => {
  const folder = await freshFolder();
  const storage = await openIn(folder);
  const batches = [[note("a", 1)], [note("a", 2), note("b", 1)], [deleteRecord("notes", "b"), note("c", 3)]];
  await Promise.all(batches.map((batch) => storage.write(batch)));
  expect((await storage.scan("notes")).map(({ key, value }) => [key, value[0]])).toEqual([
    ["a", 2],
    ["c", 3],
  ]);
  await storage.close();
  const noted = JSON.parse(await readFile(join(folder, "demls-storage.json"), "utf8")) as unknown;
  expect(noted).toEqual({ batches: 1 });
});

describe("A closed storage", () => {
  test("rejects everything, and has what was requested before", async () => {
    const folder = await freshFolder();
    const storage = await openIn(folder);
    const written = storage.write([note("a", 1)]);
    const scanned = storage.scan("notes");
    const closed = storage.close();
    await written;
    await scanned;
    await closed;
    await storage.close();
    await expect(storage.write([note("b", 1)])).rejects.toMatchObject({ code: "storage-closed" });
    await expect(storage.scan("notes")).rejects.toMatchObject({ code: "storage-closed" });
    expect(await notesIn(await openIn(folder))).toEqual(["a"]);
  });
});

describe("Mistakes of the caller", () => {
  test.each([
    ["key", putRecord("notes", "gärten", Uint8Array.of(1))],
    ["key", putRecord("notes", "a\n", Uint8Array.of(1))],
    ["key", deleteRecord("notes", "~".repeat(1_025))],
    ["value", putRecord("notes", "a", "secret" as unknown as Uint8Array)],
  ])("are rejected, and nothing of their batch is written: the %s of %#", async (field, flawed) => {
    const storage = await openIn(await freshFolder());
    const rejection = await storage.write([note("b", 1), flawed]).catch((error: unknown) => error);
    expect(rejection).toMatchObject({ code: "invalid-record", field });
    expect((rejection as Error).message).not.toContain("secret");
    expect(await notesIn(storage)).toEqual([]);
    await storage.write([note("b", 1)]);
    expect(await notesIn(storage)).toEqual(["b"]);
  });
});

describe("Something else in the storage's place", () => {
  test.each([
    ["a folder with other files", async (folder: string) => writeFile(join(folder, "letter.txt"), "Dear")],
    ["a folder with other folders", async (folder: string) => void (await mkdir(join(folder, "letters")))],
    [
      "LevelDB's files and others",
      async (folder: string) => {
        await writeFile(join(folder, "LOG"), "");
        await writeFile(join(folder, "letter.txt"), "Dear");
      },
    ],
  ])("is left as it is: %s", async (_what, fill) => {
    const folder = await freshFolder();
    await fill(folder);
    const before = await readdir(folder);
    await expect(openLevelStorage(folder)).rejects.toMatchObject({
      code: "storage-foreign",
      field: "location",
    });
    expect(await readdir(folder)).toEqual(before);
  });

  test("is a file", async () => {
    const file = join(await freshFolder(), "file");
    await writeFile(file, "Dear");
    await expect(openLevelStorage(file)).rejects.toMatchObject({ code: "storage-foreign" });
  });

  test("is another program's LevelDB, whose records stay", async () => {
    const folder = await freshFolder();
    const other = new ClassicLevel(folder);
    await other.put("letter", "Dear");
    await other.close();
    await expect(openLevelStorage(folder)).rejects.toMatchObject({ code: "storage-foreign" });
    await other.open();
    expect(await other.iterator().all()).toEqual([["letter", "Dear"]]);
    await other.close();
  });
});

test("A relaxed storage keeps its records when closed, and a scan reads no more than its limit", async () => {
  const relaxed = await openIn(await freshFolder(), { durability: "relaxed" });
  const keys = Array.from({ length: 5_000 }, (_, i) => `message/${String(i).padStart(4, "0")}`);
  await relaxed.write(keys.map((key) => note(key, 1)));
  const storage = await reopen(relaxed);
  const iterators = vi.spyOn(ClassicLevel.prototype, "iterator");
  const found = await storage.scan("notes", { prefix: "message/", limit: 3, reverse: true });
  expect(found.map(({ key }) => key)).toEqual(keys.slice(-3).toReversed());
  const read = iterators.mock.results.map(({ value }) => (value as { readonly count: number }).count);
  iterators.mockRestore();
  expect(read).toEqual([3]);
});
