import { openEngine } from "#engine";
import {
  DemlsError,
  isBytes,
  type Storage,
  type StorageOperation,
  type StorageRecord,
} from "@demls/wire/core";
import { checkedValue, valueIn } from "./engine/checked-value.js";
import type { Change, Engine, Entry } from "./engine/engine.js";
import { encodeHead, NEW_HEAD, withoutRecord, withRecord, type Head } from "./engine/head.js";
import { invalidRecord, storageClosed, storageDamaged, storageUnwritable } from "./engine/storage-errors.js";
import { verifiedHead } from "./engine/verified-head.js";

/** Settings of {@link openLevelStorage}. */
export interface LevelStorageOptions {
  /**
   * Whether to make a storage where there is none. Pass `false` once you know that there was one: then a folder or a
   * database that is lost is an error and not an empty beginning.
   *
   * @defaultValue `true`
   */
  readonly createIfMissing?: boolean;
  /**
   * Failures that a resolved `write` survives. `"strict"`: the process and the machine, by an fsync on Node, and by IndexedDB's
   * strict transactions in browsers. `"relaxed"`: the process alone. It is several times faster; after a power failure
   * the newest batches may be missing, which the storage need not notice, or it is `storage-damaged`.
   *
   * A storage whose newest batches are lost is an old copy, with which a `de-mls-3` conversation uses a key twice. So take
   * `"relaxed"` for strict conversations, and for records that can be lost.
   *
   * @defaultValue `"strict"`
   */
  readonly durability?: "strict" | "relaxed";
  /**
   * In browsers: takes the storage from the tab that has it, which from then on rejects everything with
   * `storage-in-use` and writes nothing more. On Node it has no effect.
   *
   * @defaultValue `false`: a storage in use is rejected
   */
  readonly takeOver?: boolean;
}

/** A record with its namespace. */
export interface NamedRecord extends StorageRecord {
  readonly namespace: string;
}

/** A {@link Storage} over LevelDB or IndexedDB, locked for this process or tab until {@link LevelStorage.close}. */
export interface LevelStorage extends Storage {
  /**
   * All records of all namespaces, in any order, such as to copy them to another storage. Write nothing meanwhile.
   *
   * @throws (from the iteration) DemlsError `storage-damaged`, `storage-closed`.
   */
  records(): AsyncIterable<NamedRecord>;
  /** Waits for writes and scans that were requested, and frees the storage for others. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a storage, and reads it once to check that its records are exactly those after a whole batch.
 *
 * After a batch that could not be written, all further ones are rejected with its error until the storage is reopened.
 *
 * @param location on Node a folder of its own, created for its owner alone; in browsers the name of a database.
 * @throws DemlsError a {@link LevelStorageErrorCode}; `field` is `location`.
 *
 * @example
 * ```ts
 * const storage = await openLevelStorage("alice.storage");
 * await storage.write([{ kind: "put", namespace: "notes", key: "today", value: Uint8Array.of(1, 2, 3) }]);
 * await storage.close();
 * ```
 */
export async function openLevelStorage(
  location: string,
  { createIfMissing = true, durability = "strict", takeOver = false }: LevelStorageOptions = {},
): Promise<LevelStorage> {
  const firstHead = encodeHead(NEW_HEAD);
  const engine = await openEngine(location, { createIfMissing, takeOver, firstHead });
  try {
    const head = await verifiedHead(engine, location);
    return createStorage(engine, head, location, durability === "strict");
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function createStorage(engine: Engine, opened: Head, location: string, isStrict: boolean): LevelStorage {
  let head = opened;
  let failure: DemlsError | undefined;
  let closing: Promise<void> | undefined;
  /** Resolves after all requested batches. */
  let writing = Promise.resolve();
  /** Batches that are written next, as one. */
  let next: { readonly changes: Changes; readonly written: Promise<void> } | undefined;
  const scanning = new Set<Promise<unknown>>();

  async function writeNow(changes: readonly Change[]): Promise<void> {
    if (failure !== undefined) throw failure;
    try {
      const next = await headAfter(engine, head, changes);
      // Noted at once, so that a storage that loses all of its batches is not an empty beginning.
      const isFirst = next.batches === 1;
      await engine.write(changes, encodeHead(next), isStrict || isFirst);
      head = next;
      if (isFirst) await engine.noteBatches(1);
    } catch (error) {
      // The batch may be written or not. Only opening the storage again tells.
      failure = error instanceof DemlsError ? error : storageUnwritable(location, error);
      throw failure;
    }
  }

  /** Begins a batch, to which others are added while earlier ones are being written. */
  function begin(): { readonly changes: Changes; readonly written: Promise<void> } {
    const changes: Changes = new Map();
    const written = writing.then(() => {
      next = undefined;
      return writeNow([...changes.values()]);
    });
    writing = written.catch(() => undefined);
    return { changes, written };
  }

  async function scanNow(found: Promise<readonly Entry[]>): Promise<readonly StorageRecord[]> {
    const entries = await found.catch((error: unknown) => {
      throw error instanceof DemlsError ? error : storageDamaged(location, error);
    });
    return entries.map((entry) => ({ key: entry.key, value: valueOf(entry) }));
  }

  function valueOf(entry: Entry): Uint8Array {
    const value = valueIn(entry, entry.value);
    if (value === undefined) throw storageDamaged(location);
    return value;
  }

  async function closeNow(): Promise<void> {
    await writing;
    await Promise.allSettled(scanning);
    // A batch that was not flushed may be lost, so that the note would be ahead.
    const isNotable = isStrict && failure === undefined && head.batches > engine.notedBatches;
    // An older note is right too: it detects less.
    if (isNotable) await engine.noteBatches(head.batches).catch(() => undefined);
    await engine.close();
  }

  return {
    async write(batch) {
      if (closing !== undefined) throw storageClosed();
      const changes = changesOf(batch);
      if (changes.size === 0 && failure === undefined) return;
      next ??= begin();
      for (const [place, change] of changes) next.changes.set(place, change);
      return next.written;
    },

    async scan(namespace, options = {}) {
      if (closing !== undefined) throw storageClosed();
      const scan = scanNow(engine.scan(namespace, options));
      const settled = scan.then(
        () => undefined,
        () => undefined,
      );
      scanning.add(settled);
      return scan.finally(() => scanning.delete(settled));
    },

    async *records() {
      if (closing !== undefined) throw storageClosed();
      for await (const page of engine.pages())
        for (const entry of page) yield { ...entry, value: valueOf(entry) };
    },

    close: () => (closing ??= closeNow()),
  };
}

/** Changes by their places. */
type Changes = Map<string, Change>;

/** Copies the bytes, since the caller may change them. Of several operations on one record the last one counts. */
function changesOf(batch: readonly StorageOperation[]): Changes {
  const changes: Changes = new Map();
  for (const operation of batch) {
    const { namespace, key } = operation;
    if (!/^[ -~]{0,1024}$/.test(key)) throw invalidRecord("key");
    changes.set(JSON.stringify([namespace, key]), { namespace, key, value: storedValue(operation) });
  }
  return changes;
}

function storedValue(operation: StorageOperation): Uint8Array | undefined {
  if (operation.kind === "delete") return undefined;
  if (!isBytes(operation.value)) throw invalidRecord("value");
  return checkedValue(operation, operation.value);
}

async function headAfter(engine: Engine, head: Head, changes: readonly Change[]): Promise<Head> {
  const replaced = await engine.values(changes);
  let next: Head = { ...head, batches: head.batches + 1 };
  for (const [i, { value }] of changes.entries()) {
    const old = replaced[i];
    if (old !== undefined) next = withoutRecord(next, old);
    if (value !== undefined) next = withRecord(next, value);
  }
  return next;
}
