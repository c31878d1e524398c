import { deleteRecord, putRecord, type StorageOperation } from "@demls/wire/core";
import { decodeRecord, encodeRecord } from "./plain-data.js";

/** Digits of a serial number in a key, so that keys sort numerically. */
const SERIAL_DIGITS = 16;

/** Key that sorts by its serial number. */
export function serialKey(prefix: string, serial: number): string {
  return `${prefix}/${String(serial).padStart(SERIAL_DIGITS, "0")}`;
}

/** Serial number in a key of {@link serialKey}. */
export function serialOf(key: string): number {
  return Number(key.slice(key.lastIndexOf("/") + 1));
}

/** Entry of an ordered collection. */
export interface OrderedEntry {
  /** Key of the entry; unchanged when its content changes. */
  readonly identity: unknown;
  /** Content, compared by reference: only changed content is written. */
  readonly content: unknown;
  /** Plain data to write. */
  plain(): unknown;
}

interface Kept {
  readonly serial: number;
  readonly content: unknown;
}

/**
 * Collection stored as one record per entry, so that a step writes only changed entries. Records and entries have the
 * same order.
 */
export interface OrderedRecords {
  /** Returns the operations that bring the records up to date with `entries`, from those of the previous call. */
  changes(entries: Iterable<OrderedEntry>): StorageOperation[];
  /** Registers restored records as those of `entries`, in the same order. */
  adopt(keys: readonly string[], entries: Iterable<OrderedEntry>): void;
}

export function createOrderedRecords(namespace: string, prefix: string): OrderedRecords {
  let kept = new Map<unknown, Kept>();
  let lastSerial = 0;

  return {
    changes(entries) {
      const operations: StorageOperation[] = [];
      const next = new Map<unknown, Kept>();
      const used = new Set<number>();
      let before = 0;
      for (const entry of entries) {
        const { identity, content } = entry;
        const known = kept.get(identity);
        // An entry that moved needs a new serial number to sort after its predecessors.
        const keepsPlace = known !== undefined && known.serial > before && !next.has(identity);
        const serial = keepsPlace ? known.serial : ++lastSerial;
        if (!keepsPlace || known.content !== content)
          operations.push(putRecord(namespace, serialKey(prefix, serial), encodeRecord(entry.plain())));
        next.set(identity, { serial, content });
        used.add(serial);
        before = serial;
      }
      for (const { serial } of kept.values())
        if (!used.has(serial)) operations.push(deleteRecord(namespace, serialKey(prefix, serial)));
      kept = next;
      return operations;
    },

    adopt(keys, entries) {
      const serials = keys.map(serialOf);
      kept = new Map(
        [...entries].map(({ identity, content }, i) => [identity, { serial: serials[i] ?? 0, content }]),
      );
      lastSerial = Math.max(0, ...serials);
    },
  };
}

/** Decodes records, in order. */
export function decodeAll(records: readonly { readonly value: Uint8Array }[]): unknown[] {
  return records.map(({ value }) => decodeRecord(value));
}
