import {
  deleteRecord,
  putRecord,
  type RandomSource,
  type ScanOptions,
  type Storage,
  type StorageOperation,
  type StorageRecord,
} from "@demls/wire/core";
import { sealHead, withKeyRecord, withMark, withoutMark, type Head } from "./head.js";
import type { LoadedRecords } from "./load-records.js";
import { HEAD, KEY, NAMESPACE, valueAt } from "./places.js";
import { versionOf, type Sealing } from "./sealing.js";
import { storageDamaged } from "./storage-errors.js";

/** From this share of a namespace on, a scan reads the namespace as a whole. */
const WHOLE_SHARE = 1 / 4;

/** A change of a record: its sealed bytes, or `undefined` to delete it. */
interface Change {
  readonly namespace: string;
  readonly key: string;
  readonly sealed: Uint8Array | undefined;
}

/** Parts of the records of an open storage. */
export interface SealedRecordsParts extends LoadedRecords {
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly dataKey: Uint8Array;
  readonly random: RandomSource;
}

/** The records of an open storage. Calls follow each other; `changesOf` may be called at any time. */
export function createSealedRecords({
  storage,
  sealing,
  dataKey,
  random,
  index,
  ...loaded
}: SealedRecordsParts) {
  let { head } = loaded;
  /** Error of a failed batch, which may be written or not. */
  let failure: Error | undefined;

  async function readSealed(
    namespace: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const places = keys.map((key) => sealing.placeOf(namespace, key));
    if (places.length > WHOLE_SHARE * index.count(namespace)) {
      const all = await storage.scan(NAMESPACE, { prefix: sealing.placesOf(namespace) });
      return new Map(all.map(({ key, value }) => [key, value]));
    }
    const found = new Map<string, Uint8Array>();
    for (const place of places) {
      const sealed = await valueAt(storage, place);
      if (sealed !== undefined) found.set(place, sealed);
    }
    return found;
  }

  /** The head and the operations of a batch. */
  function applied(changes: readonly Change[]): {
    readonly next: Head;
    readonly operations: StorageOperation[];
  } {
    let next = head;
    const operations: StorageOperation[] = [];
    for (const { namespace, key, sealed } of changes) {
      const place = sealing.placeOf(namespace, key);
      const old = index.version(namespace, key);
      if (old !== undefined) next = withoutMark(next, sealing.mark(place, old));
      if (sealed !== undefined) next = withMark(next, sealing.mark(place, versionOf(sealed)));
      if (sealed !== undefined) operations.push(putRecord(NAMESPACE, place, sealed));
      else if (old !== undefined) operations.push(deleteRecord(NAMESPACE, place));
    }
    return { next, operations };
  }

  async function put(next: Head, operations: readonly StorageOperation[]): Promise<void> {
    try {
      await storage.write([...operations, putRecord(NAMESPACE, HEAD, sealHead(dataKey, next, random))]);
    } catch (error) {
      failure = error as Error;
      throw error;
    }
    head = next;
  }

  return {
    /** Seals a batch. Of several operations on one record the last one counts. */
    changesOf(batch: readonly StorageOperation[]): readonly Change[] {
      const last = new Map(
        batch.map((operation) => [JSON.stringify([operation.namespace, operation.key]), operation]),
      );
      return Array.from(last.values(), (operation) => {
        const { namespace, key } = operation;
        return {
          namespace,
          key,
          sealed: operation.kind === "put" ? sealing.sealRecord(operation) : undefined,
        };
      });
    },

    async write(changes: readonly Change[]): Promise<void> {
      if (failure !== undefined) throw failure;
      const { next, operations } = applied(changes);
      if (operations.length === 0) return;
      await put(next, operations);
      for (const { namespace, key, sealed } of changes) {
        if (sealed === undefined) index.delete(namespace, key);
        else index.set(namespace, key, versionOf(sealed));
      }
    },

    /** Reads records, each of which must be the version that was written last. */
    async scan(namespace: string, options: ScanOptions): Promise<readonly StorageRecord[]> {
      const keys = index.keys(namespace, options);
      if (keys.length === 0) return [];
      const found = await readSealed(namespace, keys);
      return keys.map((key) => {
        const place = sealing.placeOf(namespace, key);
        const sealed = found.get(place);
        const isNewest = sealed !== undefined && versionOf(sealed) === index.version(namespace, key);
        const record = isNewest ? sealing.openRecord(place, sealed) : undefined;
        if (record === undefined) throw storageDamaged();
        return { key, value: record.value };
      });
    },

    /** Writes another record of the wrapped data key. */
    async rewrap(keyRecord: Uint8Array): Promise<void> {
      if (failure !== undefined) throw failure;
      await put(withKeyRecord(head, keyRecord), [putRecord(NAMESPACE, KEY, keyRecord)]);
    },

    clear: () => index.clear(),
  };
}
