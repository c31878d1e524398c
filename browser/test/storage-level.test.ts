import { openLevelStorage, type LevelStorage } from "@demls/storage-level";
import { putRecord, type Storage } from "@demls/wire/core";
import { createMemoryNetwork, createUser } from "demls";
import { afterEach, describe, expect, test, vi } from "vitest";

const opened: LevelStorage[] = [];
let databases = 0;

const freshName = () => `storage ${++databases} of ${performance.timeOrigin}`;
const note = (key: string, ...bytes: readonly number[]) => putRecord("notes", key, Uint8Array.from(bytes));
const keysIn = async (storage: Storage) => (await storage.scan("notes")).map(({ key }) => key);

async function open(...args: Parameters<typeof openLevelStorage>): Promise<LevelStorage> {
  const storage = await openLevelStorage(...args);
  opened.push(storage);
  return storage;
}

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const storage of opened.splice(0)) await storage.close();
});

/** Opens a database by itself, as another program would. */
function openRaw(
  name: string,
  version?: number,
  upgrade?: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade?.(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The database did not open."));
  });
}

/** Changes the stored records behind the storage's back. */
async function tamper(name: string, store: string, change: (store: IDBObjectStore) => void): Promise<void> {
  const database = await openRaw(name);
  const transaction = database.transaction(store, "readwrite");
  change(transaction.objectStore(store));
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

describe("A storage over IndexedDB", () => {
  test("is rejected in a second tab until the first has closed it", async () => {
    const name = freshName();
    const first = await open(name);
    await expect(openLevelStorage(name)).rejects.toMatchObject({ code: "storage-in-use", field: "location" });
    await first.write([note("a", 1)]);
    await first.close();
    await expect(first.scan("notes")).rejects.toMatchObject({ code: "storage-closed" });
    expect(await keysIn(await open(name))).toEqual(["a"]);
  });

  test.each([
    ["with Web Locks", true],
    ["without them, as over plain HTTP", false],
  ])("can be taken over, after which the first tab reads and writes nothing: %s", async (_how, hasLocks) => {
    if (!hasLocks) vi.stubGlobal("navigator", {});
    const name = freshName();
    const first = await open(name, { takeOver: true });
    await first.write([note("a", 1)]);
    // Requested before and after the other tab has it.
    const during = [1, 2, 3].map((i) => first.write([note(`during/${i}`, i)]).then(() => i, codeOf));
    const second = await open(name, { takeOver: true });
    const outcomes = await Promise.all(during);
    const before = await keysIn(second);
    expect(before).toEqual(["a", ...outcomes.filter((i) => typeof i === "number").map((i) => `during/${i}`)]);
    await expect(first.write([note("late", 1)])).rejects.toMatchObject({ code: "storage-in-use" });
    await expect(first.scan("notes")).rejects.toMatchObject({ code: "storage-in-use" });
    await first.close();
    await second.write([note("b", 2)]);
    expect(await keysIn(second)).toEqual([...before, "b"].sort());
    if (hasLocks)
      await expect(openLevelStorage(name)).rejects.toMatchObject({
        code: "storage-in-use",
        field: "location",
      });
  });

  test("writes nothing if it is taken over between reading and writing for a batch", async () => {
    const name = freshName();
    const first = await open(name);
    await first.write([note("a", 1)]);
    const other = await openRaw(name);
    const { transaction } = IDBDatabase.prototype;
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...args) {
      // Transactions of one store run in the order in which they were made.
      if (args[1] === "readwrite")
        transaction.call(other, "state", "readwrite").objectStore("state").put(99, "opening");
      return transaction.apply(this, args);
    });
    await expect(first.write([note("late", 1)])).rejects.toMatchObject({ code: "storage-in-use" });
    vi.restoreAllMocks();
    other.close();
    await first.close();
    expect(await keysIn(await open(name))).toEqual(["a"]);
  });

  test("is rejected without Web Locks, and without IndexedDB", async () => {
    vi.stubGlobal("navigator", {});
    await expect(openLevelStorage(freshName())).rejects.toMatchObject({ code: "storage-unsupported" });
    vi.stubGlobal("indexedDB", undefined);
    await expect(openLevelStorage(freshName(), { takeOver: true })).rejects.toMatchObject({
      code: "storage-unsupported",
    });
  });

  test("writes with strict durability, unless it may be relaxed", async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, "transaction");
    const durabilities = () =>
      transaction.mock.calls
        .filter(([, mode]) => mode === "readwrite")
        .map(([, , options]) => options?.durability);
    const strict = await open(freshName());
    await strict.write([note("a", 1)]);
    await strict.write([note("a", 2)]);
    expect(durabilities().slice(-2)).toEqual(["strict", "strict"]);
    const relaxed = await open(freshName(), { durability: "relaxed" });
    await relaxed.write([note("a", 1)]);
    await relaxed.write([note("a", 2)]);
    expect(durabilities().slice(-2)).toEqual(["strict", "relaxed"]);
  });

  test("is not made if it must exist already", async () => {
    const name = freshName();
    await expect(openLevelStorage(name, { createIfMissing: false })).rejects.toMatchObject({
      code: "storage-missing",
    });
    expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(name);
    await (await open(name)).close();
    await open(name, { createIfMissing: false });
  });

  test("is not another program's database", async () => {
    const other = freshName();
    (await openRaw(other, 1, (database) => void database.createObjectStore("letters"))).close();
    await expect(openLevelStorage(other)).rejects.toMatchObject({
      code: "storage-foreign",
      field: "location",
    });
    const newer = freshName();
    (await openRaw(newer, 7)).close();
    await expect(openLevelStorage(newer)).rejects.toMatchObject({ code: "storage-foreign" });
  });

  test.each([
    ["a record less", "records", (store: IDBObjectStore) => store.delete(["notes", "a"])],
    ["a record more", "records", (store: IDBObjectStore) => store.put(new Uint8Array(20), ["notes", "c"])],
    ["another value", "records", (store: IDBObjectStore) => store.put(new Uint8Array(20), ["notes", "a"])],
    ["another type", "records", (store: IDBObjectStore) => store.put("text", ["notes", "a"])],
    ["no head", "state", (store: IDBObjectStore) => store.delete("head")],
  ])("is damaged if another program changes it: %s", async (_what, store, change) => {
    const name = freshName();
    const storage = await open(name);
    await storage.write([note("a", 1), note("b", 2)]);
    await storage.close();
    await tamper(name, store, change);
    await expect(openLevelStorage(name)).rejects.toMatchObject({
      code: "storage-damaged",
      field: "location",
    });
  });

  test("rejects all batches after one that failed", async () => {
    const name = freshName();
    const storage = await open(name);
    await storage.write([note("a", 1)]);
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    });
    await expect(storage.write([note("b", 1)])).rejects.toMatchObject({ code: "storage-unwritable" });
    vi.restoreAllMocks();
    await expect(storage.write([note("c", 1)])).rejects.toMatchObject({ code: "storage-unwritable" });
    await storage.close();
    expect(await keysIn(await open(name))).toEqual(["a"]);
  });

  test("reads 1,000 records in pages while opening, and one by one from the end", async () => {
    const name = freshName();
    const storage = await open(name);
    const keys = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(4, "0"));
    await storage.write(keys.map((key) => note(key, 1)));
    await storage.close();
    const again = await open(name);
    const last = await again.scan("notes", { limit: 3, reverse: true });
    expect(last.map(({ key }) => key)).toEqual(["0999", "0998", "0997"]);
    expect(await keysIn(again)).toEqual(keys);
  });

  test("keeps a conversation over a reload", async () => {
    const name = freshName();
    const enter = async (storage: Storage) =>
      createUser({ key: new Uint8Array(32).fill(1), transport: createMemoryNetwork().join(), storage });
    const first = await open(name);
    const alice = await enter(first);
    const garden = await alice.createConversation("garden");
    await (
      await garden.send("hello")
    ).published;
    await alice.close();
    await first.close();
    const again = await enter(await open(name));
    expect(again.conversation("garden").state.phase).toBe("working");
    await (
      await again.conversation("garden").send("again")
    ).published;
    await again.close();
  });
});

function codeOf(error: unknown): string {
  return (error as { readonly code: string }).code;
}
