import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { putRecord } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { EncryptedStorage } from "../src/index.js";
import { diskOf, KEY, kept, note, notesIn, open } from "./storages.js";

/** The attacker has the files: it reads all that was ever written, and writes any of it anywhere. */
let disk: MemoryStorage;
let storage: EncryptedStorage;

/** Files after the first batch, and after the second. */
let earlier: Map<string, Uint8Array>, later: Map<string, Uint8Array>;

/** Keys of records whose value the second batch changed. */
let changed: readonly string[];

beforeEach(async () => {
  disk = createMemoryStorage();
  storage = await open(disk, KEY);
  await storage.write([note("a", 1), note("b", 1), putRecord("letters", "a", Uint8Array.of(1))]);
  earlier = kept(disk);
  await storage.write([note("a", 2), note("c", 2)]);
  later = kept(disk);
  changed = [...earlier.keys()].filter((key) => isRecord(key) && !isSame(earlier.get(key), later.get(key)));
});

const isRecord = (key: string): boolean => key.startsWith("record/");

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return Buffer.from(a ?? []).equals(Buffer.from(b ?? []));
}

async function expectDamaged(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await expect(open(diskOf(files), KEY)).rejects.toMatchObject({ code: "storage-damaged", field: "storage" });
}

/** Opens files, and then lets the attacker change them. */
async function expectDamagedScan(change: (records: Map<string, Uint8Array>) => void): Promise<void> {
  const attacked = diskOf(later);
  const opened = await open(attacked, KEY);
  const files = new Map(later);
  change(files);
  const operations = [...later.keys(), ...files.keys()].map((key) => {
    const value = files.get(key);
    return value === undefined
      ? ({ kind: "delete", namespace: "encrypted", key } as const)
      : putRecord("encrypted", key, value);
  });
  await attacked.write(operations);
  await expect(opened.scan("notes")).rejects.toMatchObject({ code: "storage-damaged" });
}

describe("A reader of the files", () => {
  test("finds no names and no values, and not whether two values are the same", async () => {
    const secret = Buffer.from("meet me at the old oak");
    await storage.write([
      putRecord("conversation/7", "event/0000000000000001", secret),
      putRecord("conversation/7", "event/0000000000000002", secret),
      putRecord("conversation/8", "event/0000000000000001", secret),
    ]);
    const files = kept(disk);
    const everything = Buffer.concat([...files].flatMap(([key, value]) => [Buffer.from(key), value]));
    for (const text of ["meet", "oak", "conversation", "event", "notes", "letters", "0000000000000001"])
      expect(everything.includes(text)).toBe(false);
    const values = [...files]
      .filter(([key]) => isRecord(key))
      .map(([, value]) => Buffer.from(value).toString("hex"));
    expect(new Set(values).size).toBe(values.length);
    for (const key of files.keys()) expect(key).toMatch(/^(key|head|record\/[0-9a-f]{40}\/[0-9a-f]{40})$/);
  });

  test("learns nothing of the order of keys: places are not ordered as keys are", async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `event/${String(i).padStart(16, "0")}`);
    const places: string[] = [];
    for (const key of keys) {
      const before = new Set(kept(disk).keys());
      await storage.write([putRecord("conversation/7", key, Uint8Array.of(1))]);
      places.push(...[...kept(disk).keys()].filter((place) => !before.has(place)));
    }
    expect(places).toHaveLength(keys.length);
    expect(places).not.toEqual(places.toSorted());
    expect(places).not.toEqual(places.toSorted().toReversed());
  });

  test("cannot compare the names of two storages", async () => {
    const other = createMemoryStorage();
    await (await open(other, KEY)).write([note("a", 1), note("b", 1)]);
    const places = new Set([...kept(disk).keys()].filter(isRecord));
    expect([...kept(other).keys()].filter((key) => places.has(key))).toEqual([]);
  });

  test("sees what the documentation says: how many records a namespace has, and their sizes", () => {
    const namespaces = new Map<string, number>();
    for (const key of [...later.keys()].filter(isRecord)) {
      const [, namespace = ""] = key.split("/");
      namespaces.set(namespace, (namespaces.get(namespace) ?? 0) + 1);
    }
    expect([...namespaces.values()].sort()).toEqual([1, 3]);
  });
});

describe("A record that an attacker", () => {
  test("changes in any byte is an error", async () => {
    const [key = ""] = changed;
    const value = later.get(key)!;
    for (let at = 0; at < value.length; at++)
      await expectDamaged(
        new Map(later).set(
          key,
          value.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
      );
  });

  test("cuts off or lengthens is an error", async () => {
    const [key = ""] = changed;
    const value = later.get(key)!;
    for (const length of [0, 1, 23, 24, 39, 40, value.length - 1])
      await expectDamaged(new Map(later).set(key, value.slice(0, length)));
    await expectDamaged(new Map(later).set(key, Uint8Array.of(...value, 0)));
  });

  test("exchanges for another one is an error, in its namespace and across them", async () => {
    const keys = [...later.keys()].filter(isRecord);
    expect(keys).toHaveLength(4);
    for (const one of keys)
      for (const other of keys)
        if (one < other)
          await expectDamaged(new Map(later).set(one, later.get(other)!).set(other, later.get(one)!));
    await expectDamagedScan((files) => {
      const [one = "", other = ""] = keys.filter((key) => key.startsWith(changed[0]!.slice(0, 47)));
      files.set(one, later.get(other)!).set(other, later.get(one)!);
    });
  });

  test("moves to another place is an error", async () => {
    const [key = ""] = changed;
    const files = new Map(later).set(`${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`, later.get(key)!);
    files.delete(key);
    await expectDamaged(files);
  });

  test("rolls back is an error, when the storage is opened and while it is open", async () => {
    expect(changed).toHaveLength(1);
    for (const key of changed) await expectDamaged(new Map(later).set(key, earlier.get(key)!));
    await expectDamagedScan((files) => changed.forEach((key) => files.set(key, earlier.get(key)!)));
  });

  test("rolls back with the summary is an error, and so is the summary alone", async () => {
    const head = earlier.get("head")!;
    await expectDamaged(new Map(later).set("head", head));
    await expectDamaged(new Map(later).set("head", head).set(changed[0]!, earlier.get(changed[0]!)!));
  });

  test("deletes is an error, when the storage is opened and while it is open", async () => {
    for (const key of later.keys()) {
      const files = new Map(later);
      files.delete(key);
      await expectDamaged(files);
    }
    await expectDamagedScan((files) => changed.forEach((key) => files.delete(key)));
  });

  test("brings back after its deletion is an error", async () => {
    await storage.write([{ kind: "delete", namespace: "notes", key: "a" }]);
    await expectDamaged(new Map(kept(disk)).set(changed[0]!, later.get(changed[0]!)!));
  });

  test("takes from another storage of the same secret is an error", async () => {
    const other = createMemoryStorage();
    await (await open(other, KEY)).write([note("a", 2)]);
    const [foreign = ""] = [...kept(other).keys()].filter(isRecord);
    await expectDamaged(new Map(later).set(foreign, kept(other).get(foreign)!));
    await expectDamaged(new Map(later).set("head", kept(other).get("head")!));
    // Its key does not open these records.
    await expectDamaged(new Map(later).set("key", kept(other).get("key")!));
  });
});

describe("The key record that an attacker", () => {
  test("changes is an error, and never opens the storage", async () => {
    const record = JSON.parse(Buffer.from(later.get("key")!).toString()) as Record<string, unknown>;
    const changes: readonly Record<string, unknown>[] = [
      { salt: "00".repeat(16) },
      { wrapped: "00".repeat(72) },
      { wrapped: "" },
      { wrapped: 7 },
      { salt: "x" },
      { scrypt: { n: 16, r: 1, p: 1 } },
      { scrypt: null },
      { scrypt: { n: "16" } },
      { format: 0 },
    ];
    for (const change of changes) {
      const files = new Map(later).set("key", Buffer.from(JSON.stringify({ ...record, ...change })));
      await expect(open(diskOf(files), KEY)).rejects.toMatchObject({
        code: expect.stringMatching(/^(storage-damaged|wrong-key)$/),
      });
    }
    for (const text of ["", "null", "7", "{"])
      await expectDamaged(new Map(later).set("key", Buffer.from(text)));
  });

  test("replaces by a later release's is left as it is", async () => {
    const files = new Map(later).set("key", Buffer.from(JSON.stringify({ format: 2 })));
    await expect(open(diskOf(files), KEY)).rejects.toMatchObject({ code: "storage-newer" });
  });
});

describe("An attack that is not detected", () => {
  test("puts back all files of an earlier time", async () => {
    expect(await notesIn(await open(diskOf(earlier), KEY))).toEqual({ a: [1], b: [1] });
  });
});

describe("The record of a former secret, put back", () => {
  const former = { passphrase: "correct horse" };
  const current = { passphrase: "battery staple" };

  test("opens the storage no more", async () => {
    const files = createMemoryStorage();
    const opened = await open(files, former);
    await opened.write([note("a", 1)]);
    const before = kept(files).get("key")!;
    await opened.changeSecret(current);
    await opened.write([note("b", 2)]);
    await opened.close();
    const attacked = new Map(kept(files)).set("key", before);
    await expect(open(diskOf(attacked), former)).rejects.toMatchObject({ code: "storage-damaged" });
    const again = await open(diskOf(kept(files)), current);
    expect(await notesIn(again)).toEqual({ a: [1], b: [2] });
  });

  test("opens it no more if the secret was changed last, or its cost raised", async () => {
    const files = createMemoryStorage();
    await (await open(files, former)).close();
    const cheap = kept(files).get("key")!;
    await (await open(files, { ...former, scrypt: { n: 32, r: 1, p: 1 } })).close();
    const raised = kept(files);
    expect(raised.get("key")).not.toEqual(cheap);
    const attacked = new Map(raised).set("key", cheap);
    await expect(open(diskOf(attacked), former)).rejects.toMatchObject({ code: "storage-damaged" });
    expect(await notesIn(await open(diskOf(raised), former))).toEqual({});
  });
});
