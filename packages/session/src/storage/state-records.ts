import { deleteRecord, type StorageOperation, type StorageRecord } from "@demls/wire/core";
import type { Phase } from "../model/phase.js";
import type { FieldCollection, FieldEntry, GroupCodec } from "../model/slice.js";
import {
  PLAIN_FIELDS,
  SLICES,
  slicesIn,
  type ConversationState,
  type PlainField,
  type SliceName,
} from "../model/state.js";
import { fieldKey, fieldValue, putField } from "./field-record.js";
import { createOrderedRecords, decodeAll, type OrderedRecords } from "./ordered-records.js";

/** State without its group, which has its own records. */
export type GrouplessState = Readonly<Record<string, unknown>> & { readonly phase: Phase };

/** The records of a state, except for its group. */
export interface StateRecords {
  /** Returns the operations that bring the records up to date with `state`, from that of the previous call. */
  changes(state: ConversationState): StorageOperation[];
  /**
   * Returns the state, without its group, from the records of a namespace.
   *
   * @throws Error if a record is missing or cannot be read.
   */
  restore(records: readonly StorageRecord[]): GrouplessState;
}

/** Storage layout of a value: one record that is written when the value is replaced, or one for each entry. */
interface Layout {
  /** Name of the record, or prefix of the keys of the entries. */
  readonly name: string;
  readonly collection: FieldCollection<unknown> | undefined;
}

const PLAIN_LAYOUTS: readonly (readonly [PlainField, Layout])[] = PLAIN_FIELDS.map((field) => [
  field,
  { name: field, collection: undefined },
]);

/** Layouts of the fields of each slice. */
const SLICE_LAYOUTS = new Map(
  Object.entries(SLICES).map(([slice, fields]) => [
    slice as SliceName,
    Object.entries(fields).map(([field, { collection }]): readonly [string, Layout] => [
      field,
      { name: `${slice}.${field}`, collection: collection as FieldCollection<unknown> | undefined },
    ]),
  ]),
);

type Fields = Readonly<Record<string, unknown>>;

/** Storage layout of a state: one record per plain field, and the declared layout of each slice field. */
export function createStateRecords(namespace: string, codec: GroupCodec): StateRecords {
  /** The stored values, by the names of their layouts. */
  const written = new Map<string, unknown>();
  /** The records of values with entries. Most have none. */
  const ordered = new Map<string, OrderedRecords<FieldEntry>>();
  /** The slices of the previous call: most steps leave most slices as they are. */
  const writtenSlices = new Map<SliceName, unknown>();

  function orderedRecords(name: string): OrderedRecords<FieldEntry> {
    const known = ordered.get(name);
    if (known !== undefined) return known;
    const records = createOrderedRecords<FieldEntry>(namespace, name, (entry) => entry.plain(codec));
    ordered.set(name, records);
    return records;
  }

  function write({ name, collection }: Layout, value: unknown): StorageOperation[] {
    if (written.has(name) && written.get(name) === value) return [];
    written.set(name, value);
    if (collection === undefined) return [putField(namespace, name, value)];
    return orderedRecords(name).changes(collection.entries(value));
  }

  function drop({ name, collection }: Layout): StorageOperation[] {
    if (!written.delete(name)) return [];
    if (collection === undefined) return [deleteRecord(namespace, fieldKey(name))];
    return orderedRecords(name).changes([]);
  }

  function restore({ name, collection }: Layout, { whole, entries }: IndexedRecords): unknown {
    const value = collection === undefined ? readWhole(name, whole) : readEntries(name, collection, entries);
    written.set(name, value);
    return value;
  }

  function readEntries(
    name: string,
    collection: FieldCollection<unknown>,
    entries: IndexedRecords["entries"],
  ): unknown {
    const kept = entries.get(name) ?? [];
    const value = collection.restore(decodeAll(kept), codec);
    if (kept.length > 0)
      orderedRecords(name).adopt(
        kept.map(({ key }) => key),
        collection.entries(value),
      );
    return value;
  }

  return {
    changes(state) {
      const values = state as Partial<Readonly<Record<PlainField | SliceName, unknown>>>;
      const operations: StorageOperation[] = [];
      for (const [field, layout] of PLAIN_LAYOUTS)
        operations.push(...(field in values ? write(layout, values[field]) : drop(layout)));
      for (const [name, layouts] of SLICE_LAYOUTS) {
        const slice = values[name];
        if (writtenSlices.has(name) && writtenSlices.get(name) === slice) continue;
        writtenSlices.set(name, slice);
        for (const [field, layout] of layouts)
          operations.push(...(slice === undefined ? drop(layout) : write(layout, (slice as Fields)[field])));
      }
      return operations;
    },

    restore(records) {
      const indexed = indexedRecords(records);
      const plain = PLAIN_LAYOUTS.filter(
        ([field]) => field === "phase" || indexed.whole.has(fieldKey(field)),
      );
      const fields = Object.fromEntries(plain.map(([field, layout]) => [field, restore(layout, indexed)]));
      const phase = fields["phase"] as Phase;
      const slices = slicesIn(phase).map((name) => {
        const layouts = SLICE_LAYOUTS.get(name) ?? [];
        return [
          name,
          Object.fromEntries(layouts.map(([field, layout]) => [field, restore(layout, indexed)])),
        ];
      });
      return { ...fields, ...(Object.fromEntries(slices) as Fields), phase };
    },
  };
}

/** Records of a namespace by the ways to find them. */
interface IndexedRecords {
  /** By key. */
  readonly whole: ReadonlyMap<string, StorageRecord>;
  /** Those of entries, in order, by the prefix of their keys. */
  readonly entries: ReadonlyMap<string, readonly StorageRecord[]>;
}

function indexedRecords(records: readonly StorageRecord[]): IndexedRecords {
  const whole = new Map<string, StorageRecord>();
  const entries = new Map<string, StorageRecord[]>();
  for (const record of records) {
    const { key } = record;
    whole.set(key, record);
    const prefix = key.slice(0, Math.max(0, key.lastIndexOf("/")));
    const siblings = entries.get(prefix);
    if (siblings === undefined) entries.set(prefix, [record]);
    else siblings.push(record);
  }
  return { whole, entries };
}

function readWhole(name: string, records: IndexedRecords["whole"]): unknown {
  const key = fieldKey(name);
  const record = records.get(key);
  if (record === undefined) throw new Error(`The record of ${key} is missing.`);
  return fieldValue(record.value);
}

/** Records whose keys are `prefix` with a serial number. */
export function recordsOf(records: readonly StorageRecord[], prefix: string): StorageRecord[] {
  return records.filter(({ key }) => key.startsWith(`${prefix}/`));
}
