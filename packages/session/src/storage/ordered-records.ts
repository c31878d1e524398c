import { deleteRecord, putRecord, type StorageOperation } from "@demls/wire/core";
import { decodeRecord, encodeRecord } from "./plain-data.js";

/** Digits of a serial number in a key, so that keys stand in the order of the numbers. */
const SERIAL_DIGITS = 16;

/** A key that stands after those of smaller serial numbers. */
export function serialKey(prefix: string, serial: number): string {
  return `${prefix}/${String(serial).padStart(SERIAL_DIGITS, "0")}`;
}

/** The serial number in a key of {@link serialKey}. */
export function serialOf(key: string): number {
  return Number(key.slice(key.lastIndexOf("/") + 1));
}

/** One entry of an ordered collection. */
export interface OrderedEntry {
  /** What makes it the same entry when its content has changed. */
  readonly identity: unknown;
  /** Compared by reference: another one is written anew. */
  readonly content: unknown;
  /** Plain data to write for it, where it has to be. */
  plain(): unknown;
}

interface Kept {
  readonly serial: number;
  readonly content: unknown;
}

/**
 * A collection, kept as a record for each entry, so that a step writes the entries that it changed and no
 * others. The records' order is the collection's.
 */
export interface OrderedRecords {
  /** Operations after which the records say `entries`; the next call goes on from there. */
  changes(entries: Iterable<OrderedEntry>): StorageOperation[];
  /** Takes the records as they were found to say `entries`, of the same number. */
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
        // An entry that has moved forward gets a new number: its record must stand after those before it.
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

/** The plain data of records, in their order. */
export function decodeAll(records: readonly { readonly value: Uint8Array }[]): unknown[] {
  return records.map(({ value }) => decodeRecord(value));
}
