import { ClassicLevel } from "classic-level";
import type { Engine, Entry, OpenEngine, Place } from "../engine/engine.js";
import { keyRange } from "../engine/key-range.js";
import {
  storageDamaged,
  storageForeign,
  storageInUse,
  storageMissing,
  storageUnwritable,
} from "../engine/storage-errors.js";
import { inspectFolder, makeFolder, noteBatches } from "./store-folder.js";

type Database = ClassicLevel<string, Uint8Array>;

/** Key of the head. Keys of records begin with a quotation mark. */
const HEAD = "head";

/** Between the namespace, whose JSON has no such character, and the key. */
const SEPARATOR = "\0";

/** Number of records and bytes read at a time while checking. */
const PAGE_RECORDS = 1_000;
const PAGE_BYTES = 1_048_576;

/** Opens a LevelDB in a folder. */
export const openEngine: OpenEngine = async (location, { createIfMissing, firstHead }) => {
  const folder = await inspectFolder(location);
  if (folder.kind === "foreign") throw storageForeign(location);
  if (folder.kind === "damaged") throw storageDamaged(location);
  if (folder.kind === "missing") {
    if (!createIfMissing) throw storageMissing(location);
    await makeFolder(location);
  }
  const database: Database = new ClassicLevel(location, { keyEncoding: "utf8", valueEncoding: "view" });
  await openDatabase(database, folder.kind === "missing");
  try {
    if (!folder.isNoted) await begin(database, createIfMissing, firstHead);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createEngine(database, folder.batches);
};

async function openDatabase(database: Database, createIfMissing: boolean): Promise<void> {
  const { location } = database;
  try {
    await database.open({ createIfMissing });
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } };
    if (cause?.code === "LEVEL_LOCKED") throw storageInUse(location);
    if (cause?.code === "LEVEL_IO_ERROR") throw storageUnwritable(location, cause);
    throw storageDamaged(location, cause);
  }
}

/** Writes the head of a new store, or of one whose process died while making it. */
async function begin(database: Database, createIfMissing: boolean, firstHead: Uint8Array): Promise<void> {
  const { location } = database;
  if ((await database.get(HEAD)) === undefined) {
    const [record] = await database.keys({ limit: 1 }).all();
    if (record !== undefined) throw storageForeign(location);
    if (!createIfMissing) throw storageMissing(location);
    await database
      .put(HEAD, firstHead, { sync: true })
      .catch((error: unknown) => Promise.reject(storageUnwritable(location, error)));
  }
  await noteBatches(location, 0).catch((error: unknown) =>
    Promise.reject(storageUnwritable(location, error)),
  );
}

function createEngine(database: Database, notedBatches: number): Engine {
  return {
    notedBatches,
    head: () => database.get(HEAD),
    // Synchronous: most are new or were written a moment ago, so that no disk is read, and a call to another thread costs more.
    values: async (places) => places.map((place) => database.getSync(levelKey(place))),

    async scan(namespace, options) {
      const range = keyRange(options);
      if (range === undefined) return [];
      const { lower, isLowerOpen, upper } = range;
      const found = database.iterator({
        [isLowerOpen ? "gt" : "gte"]: levelKey({ namespace, key: lower }),
        lt: levelKey({ namespace, key: upper }),
        limit: options.limit ?? -1,
        reverse: options.reverse ?? false,
        highWaterMarkBytes: PAGE_BYTES,
      });
      const entries = await found.all();
      return entries.map(([key, value]) => ({
        namespace,
        key: key.slice(key.indexOf(SEPARATOR) + 1),
        value,
      }));
    },

    async *pages() {
      const iterator = database.iterator({ highWaterMarkBytes: PAGE_BYTES, fillCache: false });
      try {
        for (;;) {
          const page = await iterator.nextv(PAGE_RECORDS);
          if (page.length === 0) return;
          yield page.filter(([key]) => key !== HEAD).map(entryOf);
        }
      } finally {
        await iterator.close();
      }
    },

    async write(changes, head, isFlushed) {
      // Operation by operation: LevelDB's wrapper copies an array with the options of each.
      const batch = database.batch();
      for (const { value, ...place } of changes) {
        if (value === undefined) batch.del(levelKey(place));
        else batch.put(levelKey(place), value);
      }
      await batch.put(HEAD, head).write({ sync: isFlushed });
    },

    noteBatches: (batches) => noteBatches(database.location, batches),
    close: () => database.close(),
  };
}

function levelKey({ namespace, key }: Place): string {
  return JSON.stringify(namespace) + SEPARATOR + key;
}

function entryOf([key, value]: readonly [string, Uint8Array]): Entry {
  const end = key.indexOf(SEPARATOR);
  return { namespace: namespaceIn(key.slice(0, Math.max(0, end))), key: key.slice(end + 1), value };
}

/** The namespace in the beginning of a key. That of a damaged key fails the checksum, like any other text. */
function namespaceIn(text: string): string {
  try {
    const namespace: unknown = JSON.parse(text);
    return typeof namespace === "string" ? namespace : text;
  } catch {
    return text;
  }
}
