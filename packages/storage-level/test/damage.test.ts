import { ClassicLevel } from "classic-level";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openLevelStorage } from "../src/index.js";
import { BATCHES, copyTo, filesOf, makeSamples, outcome } from "./sample-store.js";
import { useStorages } from "./storages.js";

const { freshFolder, openIn } = useStorages();
const copyOf = async (folder: string) => copyTo(await freshFolder(), folder);

let closed: string, inTable: string;

beforeAll(async () => {
  ({ closed, inTable } = await makeSamples(freshFolder));
});

describe("A storage that was closed", () => {
  test("is an error if any of its files is missing", async () => {
    for (const whole of [closed, inTable]) {
      for (const name of await filesOf(whole, /^(CURRENT|MANIFEST-.*|.*\.(ldb|log))$/)) {
        const copy = await copyOf(whole);
        await rm(join(copy, name));
        // The log that was begun at the last opening has no records.
        const { size } = await stat(join(whole, name));
        expect(await outcome(copy), name).toBe(size === 0 ? BATCHES : "storage-damaged");
      }
    }
  });
});

describe("Bytes of a table that change", () => {
  test.each([
    ["an error of the scan that reads it", 0xff],
    // LevelDB takes a block of zeros for an empty one. Only opening the storage compares all records.
    ["an error when the storage is opened again", 0],
  ])("while the storage is open is %s", async (_what, byte) => {
    const copy = await copyOf(inTable);
    const storage = await openIn(copy);
    const [table = ""] = await filesOf(copy, /\.ldb$/);
    const bytes = await readFile(join(copy, table));
    bytes.fill(byte, 100, bytes.length - 200);
    await writeFile(join(copy, table), bytes);
    if (byte !== 0) await expect(storage.scan("notes")).rejects.toMatchObject({ code: "storage-damaged" });
    await storage.close();
    expect(await outcome(copy)).toBe("storage-damaged");
  });
});

describe("Records that another program changed", () => {
  test.each([
    ["a record less", async (db: ClassicLevel<string, Uint8Array>) => db.del('"notes"\0first')],
    [
      "a record more",
      async (db: ClassicLevel<string, Uint8Array>) => db.put('"notes"\0new', new Uint8Array(20)),
    ],
    ["no head", async (db: ClassicLevel<string, Uint8Array>) => db.del("head")],
    ["a broken head", async (db: ClassicLevel<string, Uint8Array>) => db.put("head", Uint8Array.of(1))],
    [
      "a record moved to another key",
      async (db: ClassicLevel<string, Uint8Array>) => {
        const value = await db.get('"notes"\0first');
        await db.put('"notes"\0moved', value!);
        await db.del('"notes"\0first');
      },
    ],
    [
      "a value with the checksum of another",
      async (db: ClassicLevel<string, Uint8Array>) => {
        const value = await db.get('"notes"\0first');
        await db.put(
          '"notes"\0first',
          Uint8Array.from(value!, (byte, i) => (i === value!.length - 1 ? 99 : byte)),
        );
      },
    ],
  ])("are an error: %s", async (_what, change) => {
    const copy = await copyOf(closed);
    const db = new ClassicLevel<string, Uint8Array>(copy, { valueEncoding: "view" });
    await change(db);
    await db.close();
    await expect(openLevelStorage(copy)).rejects.toMatchObject({
      code: "storage-damaged",
      field: "location",
    });
  });

  test("and a later release's are left as they are", async () => {
    const copy = await copyOf(closed);
    const db = new ClassicLevel<string, string>(copy);
    await db.put("head", JSON.stringify({ format: 2 }));
    await db.close();
    expect(await outcome(copy)).toBe("storage-newer");
  });
});

describe("A storage whose process died while making it", () => {
  test.each([
    ["before LevelDB's first files", ["LOCK", "LOG"]],
    ["before CURRENT", ["LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"]],
  ])("is made anew: %s", async (_when, names) => {
    const folder = await freshFolder();
    for (const name of names) await writeFile(join(folder, name), "");
    expect(await outcome(folder)).toBe(0);
  });

  test.each([["before the head"], ["before the note"]])("is completed: %s", async (when) => {
    const folder = await freshFolder();
    const storage = await openLevelStorage(folder);
    await storage.close();
    await rm(join(folder, "demls-storage.json"));
    const db = new ClassicLevel(folder);
    await db.open();
    if (when === "before the head") await db.del("head");
    await db.close();
    expect(await outcome(folder)).toBe(0);
    expect(await readdir(folder)).toContain("demls-storage.json");
  });
});
