import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { createMortalStorage, storageContract } from "@demls/testkit";
import type { Storage } from "@demls/wire/core";
import { createMemoryNetwork, createUser } from "demls";
import { describe, expect, test } from "vitest";
import { encryptedStorage, type EncryptedStorage } from "../src/index.js";
import { CHEAP, diskOf, KEY, kept, note, notesIn, open, PASSPHRASE, random } from "./storages.js";

describe("An encrypted storage", () => {
  const disks = new Map<Storage, MemoryStorage>();
  const create = async (disk = createMemoryStorage()) => {
    const storage = await open(disk, KEY);
    disks.set(storage, disk);
    return storage;
  };
  const reopen = async (storage: Storage) => {
    await (storage as EncryptedStorage).close();
    return create(disks.get(storage));
  };
  for (const { name, run } of storageContract(create, reopen)) test(name, run);

  test("keeps a member over a restart", async () => {
    const disk = createMemoryStorage();
    const enter = async () => {
      const storage = await open(disk);
      const alice = await createUser({
        key: new Uint8Array(32).fill(1),
        transport: createMemoryNetwork().join(),
        storage,
      });
      return { storage, alice };
    };
    const first = await enter();
    await (
      await (await first.alice.createConversation("garden")).send("hello")
    ).published;
    await first.alice.close();
    await first.storage.close();
    const second = await enter();
    await (
      await second.alice.conversation("garden").send("again")
    ).published;
    await second.alice.close();
    const files = Buffer.concat([...kept(disk)].flatMap(([key, value]) => [Buffer.from(key), value]));
    for (const text of ["garden", "hello", "again", "conversation", "identity"])
      expect(files.includes(text)).toBe(false);
  });

  test("reads few records one by one, and many in one scan", async () => {
    const disk = createMemoryStorage();
    const storage = await open(disk, KEY);
    await storage.write(Array.from({ length: 100 }, (_, i) => note(String(i).padStart(3, "0"), i)));
    const limits: (number | undefined)[] = [];
    const { scan } = disk;
    disk.scan = (namespace, options) => {
      limits.push(options?.limit);
      return scan(namespace, options);
    };
    const last = await storage.scan("notes", { limit: 3, reverse: true });
    expect(last.map(({ key }) => key)).toEqual(["099", "098", "097"]);
    expect(limits.splice(0)).toEqual([1, 1, 1]);
    expect(await storage.scan("notes")).toHaveLength(100);
    expect(limits).toEqual([undefined]);
  });

  test("has a whole batch or nothing of it wherever the process dies", async () => {
    for (const moment of ["before", "after"] as const) {
      const disk = createMemoryStorage();
      let die: () => void = () => undefined;
      const died = new Promise<void>((resolve) => (die = resolve));
      const mortal = createMortalStorage(disk, die);
      const storage = await encryptedStorage(mortal, { ...KEY, random });
      await storage.write([note("a", 1), note("b", 1)]);
      mortal.arm(1, moment);
      void storage.write([note("a", 2), note("c", 2)]);
      await died;
      const expected = moment === "before" ? { a: [1], b: [1] } : { a: [2], b: [1], c: [2] };
      expect(await notesIn(await open(disk, KEY))).toEqual(expected);
    }
  });

  test("rejects all batches after one that failed, with its error", async () => {
    const disk = createMemoryStorage();
    const storage = await open(disk, KEY);
    await storage.write([note("a", 1)]);
    const { write } = disk;
    const failure = new Error("The disk is full.");
    disk.write = () => Promise.reject(failure);
    await expect(storage.write([note("b", 1)])).rejects.toBe(failure);
    disk.write = write;
    await expect(storage.write([note("c", 1)])).rejects.toBe(failure);
    await storage.close();
    expect(await notesIn(await open(disk, KEY))).toEqual({ a: [1] });
  });

  test("rejects everything once it is closed, and wipes its keys", async () => {
    const drawn: Uint8Array[] = [];
    const watched = {
      bytes: (length: number) => {
        const bytes = random.bytes(length);
        drawn.push(bytes);
        return bytes;
      },
    };
    const disk = createMemoryStorage();
    const storage = await encryptedStorage(disk, { ...KEY, random: watched });
    const [dataKey] = drawn;
    expect(dataKey).toHaveLength(32);
    expect(dataKey).not.toEqual(new Uint8Array(32));
    const written = storage.write([note("a", 1)]);
    await storage.close();
    await storage.close();
    await written;
    expect(dataKey).toEqual(new Uint8Array(32));
    expect(KEY.key).toEqual(new Uint8Array(32).fill(5));
    const closed = { code: "storage-closed" };
    await expect(storage.write([note("b", 1)])).rejects.toMatchObject(closed);
    await expect(storage.scan("notes")).rejects.toMatchObject(closed);
    await expect(storage.changeSecret(KEY)).rejects.toMatchObject(closed);
    expect(await notesIn(await open(disk, KEY))).toEqual({ a: [1] });
  });

  test("has the wrapped storage alone", async () => {
    const disk = createMemoryStorage();
    const storage = await open(disk, KEY);
    await expect(open(disk, KEY)).rejects.toMatchObject({ code: "storage-in-use", field: "storage" });
    await storage.close();
    await (await open(disk, KEY)).close();
  });

  test("does not begin anew if it must exist already", async () => {
    const disk = createMemoryStorage();
    await expect(open(disk, { createIfMissing: false })).rejects.toMatchObject({ code: "storage-missing" });
    expect(disk.records()).toEqual([]);
  });

  test("rejects a value that is not bytes, without showing it", async () => {
    const storage = await open(createMemoryStorage(), KEY);
    const flawed = { kind: "put", namespace: "notes", key: "a", value: "secret" } as unknown as ReturnType<
      typeof note
    >;
    const rejection = (await storage.write([flawed]).catch((error: unknown) => error)) as Error;
    expect(rejection).toMatchObject({ code: "invalid-record", field: "value" });
    expect(rejection.message).not.toContain("secret");
  });
});

describe("The secret", () => {
  test("must be the right one", async () => {
    const disk = createMemoryStorage();
    await (await open(disk)).close();
    const before = kept(disk);
    await expect(open(disk, { passphrase: "correct house" })).rejects.toMatchObject({
      code: "wrong-passphrase",
      field: "passphrase",
    });
    await expect(encryptedStorage(disk, { ...KEY, random })).rejects.toMatchObject({
      code: "wrong-key",
      field: "key",
    });
    expect(kept(disk)).toEqual(before);

    const byKey = createMemoryStorage();
    await (await encryptedStorage(byKey, { ...KEY, random })).close();
    const other = { key: new Uint8Array(32).fill(6), random };
    await expect(encryptedStorage(byKey, other)).rejects.toMatchObject({ code: "wrong-key" });
    await expect(open(byKey)).rejects.toMatchObject({ code: "wrong-passphrase" });
  });

  test("may be typed with other code points for the same characters", async () => {
    const disk = createMemoryStorage();
    await (await open(disk, { passphrase: "g\u00e4rten" })).close();
    await (await open(disk, { passphrase: "ga\u0308rten" })).close();
  });

  test("can be changed, after which the former one is wrong and no record has changed", async () => {
    const disk = createMemoryStorage();
    const storage = await open(disk);
    await storage.write([note("a", 1)]);
    const before = kept(disk);
    await storage.changeSecret({ passphrase: "battery staple" });
    await storage.write([note("b", 2)]);
    await storage.close();
    await expect(open(disk)).rejects.toMatchObject({ code: "wrong-passphrase" });
    const again = await open(disk, { passphrase: "battery staple" });
    expect(await notesIn(again)).toEqual({ a: [1], b: [2] });
    for (const [key, value] of before)
      if (key.startsWith("record/")) expect(kept(disk).get(key)).toEqual(value);
    await again.changeSecret(KEY);
    await again.close();
    expect(await notesIn(await encryptedStorage(disk, { ...KEY, random }))).toEqual({ a: [1], b: [2] });
  });

  test("of a cheap storage gets costlier when it is opened, and not cheaper", async () => {
    const disk = createMemoryStorage();
    const costOf = () =>
      (JSON.parse(Buffer.from(kept(disk).get("key")!).toString()) as { readonly scrypt: unknown }).scrypt;
    const storage = await open(disk);
    await storage.write([note("a", 1)]);
    await storage.close();
    expect(costOf()).toEqual(CHEAP);
    await (await open(disk, { scrypt: { n: 64, r: 2, p: 1 } })).close();
    expect(costOf()).toEqual({ n: 64, r: 2, p: 1 });
    await (await open(disk, { scrypt: { n: 32, r: 2, p: 2 } })).close();
    expect(costOf()).toEqual({ n: 64, r: 2, p: 2 });
    const before = kept(disk).get("key");
    expect(await notesIn(await open(disk))).toEqual({ a: [1] });
    expect(kept(disk).get("key")).toEqual(before);
  });

  test("costs 128 MiB by default", async () => {
    const disk = createMemoryStorage();
    await encryptedStorage(disk, { ...PASSPHRASE, random });
    const { scrypt } = JSON.parse(Buffer.from(kept(disk).get("key")!).toString()) as {
      readonly scrypt: unknown;
    };
    expect(scrypt).toEqual({ n: 131_072, r: 8, p: 1 });
  });

  test.each([
    ["an empty passphrase", { passphrase: "" }, "passphrase"],
    ["half a character", { passphrase: "\ud83c" }, "passphrase"],
    ["a short key", { key: new Uint8Array(16), passphrase: undefined }, "key"],
    ["both", { ...KEY, passphrase: "correct horse" }, "passphrase"],
    ["none", { key: undefined, passphrase: undefined }, "key"],
  ])("is rejected: %s", async (_what, secret, field) => {
    const options = { random, ...secret } as Parameters<typeof encryptedStorage>[1];
    const opened = encryptedStorage(createMemoryStorage(), options);
    await expect(opened).rejects.toMatchObject({ code: "invalid-secret", field });
  });

  test.each([
    { n: 15, r: 1, p: 1 },
    { n: 2 ** 21, r: 1, p: 1 },
    { n: 2 ** 20, r: 32, p: 1 },
    { n: 16, r: 0, p: 1 },
    { n: 16, r: 1, p: 17 },
    // 1 GiB of blocks, and another lane.
    { n: 2 ** 20, r: 8, p: 2 },
  ])("has no cost out of range: %o", async (scrypt) => {
    await expect(open(createMemoryStorage(), { scrypt })).rejects.toMatchObject({
      code: "invalid-scrypt-cost",
      field: "scrypt",
    });
    const record = { format: 1, scrypt, salt: "00", wrapped: "00" };
    const disk = diskOf(new Map([["key", Buffer.from(JSON.stringify(record))]]));
    await expect(open(disk)).rejects.toMatchObject({ code: "storage-damaged" });
  });
});
