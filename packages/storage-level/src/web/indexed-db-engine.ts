import type { ScanOptions } from "@demls/wire/core";
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from "idb";
import type { Engine, EngineOptions, Entry, OpenEngine, Place } from "../engine/engine.js";
import { keyRange } from "../engine/key-range.js";
import {
  storageForeign,
  storageInUse,
  storageMissing,
  storageUnsupported,
  storageUnwritable,
} from "../engine/storage-errors.js";
import { acquireLock } from "./web-lock.js";

interface Schema extends DBSchema {
  /** Values by namespace and key. */
  records: { readonly key: [namespace: string, key: string]; readonly value: Uint8Array };
  /** The head, and the number of the opening that may write. */
  state: { readonly key: "head" | "opening"; readonly value: Uint8Array | number };
}

type Database = IDBPDatabase<Schema>;
type Records = IDBPObjectStore<Schema, ["records", "state"], "records", "readonly">;

const STORES: ["records", "state"] = ["records", "state"];
const VERSION = 1;

/** Number of records read at a time while checking. */
const PAGE_RECORDS = 200;

/**
 * Opens a database of IndexedDB, itself and not through browser-level, which leaves durability relaxed and cannot check
 * in a batch's transaction that the store is still this tab's.
 */
export const openEngine: OpenEngine = async (location, options) => {
  if (typeof indexedDB === "undefined") throw storageUnsupported("IndexedDB");
  const unlock = await acquireLock(`demls-storage ${location}`, options.takeOver, () =>
    storageInUse(location),
  );
  try {
    const database = await openDatabase(location, options);
    try {
      return createEngine(database, location, await nextOpening(database), unlock);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
};

async function openDatabase(
  location: string,
  { createIfMissing, firstHead }: EngineOptions,
): Promise<Database> {
  let isMissing = false;
  try {
    const database = await openDB<Schema>(location, VERSION, {
      upgrade(made, oldVersion, _, transaction) {
        isMissing = oldVersion === 0 && !createIfMissing;
        if (isMissing) {
          transaction.done.catch(() => undefined);
          return transaction.abort();
        }
        for (const store of STORES) made.createObjectStore(store);
        void transaction.objectStore("state").put(firstHead, "head");
      },
    });
    if (STORES.every((store) => database.objectStoreNames.contains(store))) return database;
    database.close();
  } catch (error) {
    if (isMissing) throw storageMissing(location);
    // Another program's database has a higher version.
    if ((error as DOMException).name !== "VersionError") throw storageUnwritable(location, error);
  }
  throw storageForeign(location);
}

/** Takes the store: the transactions of earlier openings see another number, and do nothing. */
async function nextOpening(database: Database): Promise<number> {
  const transaction = database.transaction("state", "readwrite", { durability: "strict" });
  const last = await transaction.store.get("opening");
  const opening = typeof last === "number" ? last + 1 : 1;
  await transaction.store.put(opening, "opening");
  await transaction.done;
  return opening;
}

function createEngine(database: Database, location: string, opening: number, unlock: () => void): Engine {
  function begin<Mode extends "readonly" | "readwrite">(mode: Mode, isFlushed: boolean) {
    const transaction = database.transaction(STORES, mode, {
      durability: isFlushed ? "strict" : "relaxed",
    });
    // Its error is that of the operation that failed, too.
    transaction.done.catch(() => undefined);
    return transaction;
  }

  /** Reads in a transaction that is rejected if another tab has taken the store. */
  async function read<Found>(
    work: (transaction: ReturnType<typeof begin<"readonly">>) => Promise<Found>,
  ): Promise<Found> {
    const transaction = begin("readonly", false);
    const [owner, found] = await Promise.all([
      transaction.objectStore("state").get("opening"),
      work(transaction),
    ]);
    if (owner !== opening) throw storageInUse(location);
    return found;
  }

  return {
    // Nothing is beside a database that could outlive it.
    notedBatches: 0,
    noteBatches: () => Promise.resolve(),

    head: () =>
      read(async (transaction) => {
        const head = await transaction.objectStore("state").get("head");
        return head instanceof Uint8Array ? head : undefined;
      }),

    values: (places) =>
      read((transaction) =>
        Promise.all(places.map((place) => transaction.objectStore("records").get(keyOf(place)))),
      ),

    scan: (namespace, options) =>
      read((transaction) => scanned(transaction.objectStore("records"), namespace, options)),

    async *pages() {
      for (let last: [string, string] | undefined; ;) {
        const range = last && IDBKeyRange.lowerBound(last, true);
        const page = await read((transaction) =>
          entriesIn(transaction.objectStore("records"), range, PAGE_RECORDS),
        );
        const end = page.at(-1);
        if (end === undefined) return;
        yield page;
        last = keyOf(end);
      }
    },

    async write(changes, head, isFlushed) {
      const transaction = begin("readwrite", isFlushed);
      const records = transaction.objectStore("records");
      const state = transaction.objectStore("state");
      if ((await state.get("opening")) !== opening) {
        transaction.abort();
        throw storageInUse(location);
      }
      const requests = changes.map(({ value, ...place }) =>
        value === undefined ? records.delete(keyOf(place)) : records.put(value, keyOf(place)),
      );
      await Promise.all([...requests, state.put(head, "head"), transaction.done]);
    },

    async close() {
      database.close();
      unlock();
    },
  };
}

async function entriesIn(
  records: Records,
  range: IDBKeyRange | undefined,
  limit?: number,
): Promise<readonly Entry[]> {
  // Two requests of one transaction, which see the same records.
  const [keys, values] = await Promise.all([records.getAllKeys(range, limit), records.getAll(range, limit)]);
  return keys.map(([namespace, key], i) => ({ namespace, key, value: bytesOf(values[i]) }));
}

async function scanned(records: Records, namespace: string, options: ScanOptions): Promise<readonly Entry[]> {
  const keys = keyRange(options);
  if (keys === undefined) return [];
  const { lower, isLowerOpen, upper } = keys;
  const range = IDBKeyRange.bound([namespace, lower], [namespace, upper], isLowerOpen, true);
  const { limit, reverse } = options;
  if (reverse !== true) return entriesIn(records, range, limit);
  if (limit === undefined) return (await entriesIn(records, range)).toReversed();
  // The last ones of a range can be read one by one only.
  const entries: Entry[] = [];
  for (
    let cursor = await records.openCursor(range, "prev");
    cursor !== null;
    cursor = await cursor.continue()
  ) {
    entries.push({ namespace, key: cursor.key[1], value: bytesOf(cursor.value) });
    if (entries.length >= limit) break;
  }
  return entries;
}

/** The stored bytes; other values, which this package never stores, fail the checksum as no bytes do. */
function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function keyOf({ namespace, key }: Place): [string, string] {
  return [namespace, key];
}
