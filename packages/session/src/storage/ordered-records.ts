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
}

interface Kept {
  readonly serial: number;
  readonly content: unknown;
}

/**
 * Collection stored as one record per entry, so that a step writes only changed entries. Records and entries have the
 * same order.
 */
export interface OrderedRecords<E extends OrderedEntry> {
  /** Returns the operations that bring the records up to date with `entries`, from those of the previous call. */
  changes(entries: Iterable<E>): StorageOperation[];
  /** Registers restored records as those of `entries`, in the same order. */
  adopt(keys: readonly string[], entries: Iterable<OrderedEntry>): void;
  /** Replaces the values of the entries, in the same order, without writing records. */
  renew(entries: Iterable<OrderedEntry>): void;
}

/** @param plain returns the plain data to write of an entry. */
export function createOrderedRecords<E extends OrderedEntry>(
  namespace: string,
  prefix: string,
  plain: (entry: E) => unknown,
): OrderedRecords<E> {
  let kept = new Map<unknown, Kept>();
  let lastSerial = 0;

  return {
    changes(entries) {
      const operations: StorageOperation[] = [];
      const next = new Map<unknown, Kept>();
      let stayed = 0;
      let before = 0;
      for (const entry of entries) {
        const { identity, content } = entry;
        const known = kept.get(identity);
        // An entry that moved needs a new serial number to sort after its predecessors.
        const keepsPlace = known !== undefined && known.serial > before && !next.has(identity);
        const serial = keepsPlace ? known.serial : ++lastSerial;
        if (!keepsPlace || known.content !== content)
          operations.push(putRecord(namespace, serialKey(prefix, serial), encodeRecord(plain(entry))));
        next.set(identity, keepsPlace && known.content === content ? known : { serial, content });
        if (keepsPlace) stayed += 1;
        before = serial;
      }
      if (stayed < kept.size)
        for (const [identity, { serial }] of kept)
          if (next.get(identity)?.serial !== serial)
            operations.push(deleteRecord(namespace, serialKey(prefix, serial)));
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

    renew(entries) {
      const serials = Array.from(kept.values(), ({ serial }) => serial);
      kept = new Map(
        [...entries].map(({ identity, content }, i) => [identity, { serial: serials[i] ?? 0, content }]),
      );
    },
  };
}

/** Decodes records, in order. */
export function decodeAll(records: readonly { readonly value: Uint8Array }[]): unknown[] {
  return records.map(({ value }) => decodeRecord(value));
}
