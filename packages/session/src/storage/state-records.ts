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
import { FIELD, fieldKey, fieldValue, putField } from "./field-record.js";
import { createOrderedRecords, decodeAll, type OrderedRecords } from "./ordered-records.js";

/** State without its group, which has its own records. */
export type GrouplessState = Readonly<Record<string, unknown>> & { readonly phase: Phase };

/** The records of a state, except for its group. */
export interface StateRecords {
  /** Number of records of fields that are stored whole. A field with its initial value has none. */
  readonly fields: number;
  /** Returns the operations that bring the records up to date with `state`, from that of the previous call. */
  changes(state: ConversationState): StorageOperation[];
  /**
   * Returns the state, without its group, from the records of a namespace.
   *
   * @param count - number of records of fields that are stored whole.
   * @throws Error if a record is missing, which would be read as an initial value, or cannot be read.
   */
  restore(records: readonly StorageRecord[], count: number): GrouplessState;
}

/**
 * Storage layout of a value: one record that is written when the value is replaced, and absent while it has its initial
 * value; or one for each entry. Of some eighty fields, a quiet conversation has twenty with another value.
 */
interface Layout {
  /** Name of the record, or prefix of the keys of the entries. */
  readonly name: string;
  readonly collection: FieldCollection<unknown> | undefined;
  readonly initial: unknown;
}

/** Initial value of the fields that have none. */
const NO_INITIAL = Symbol("no initial value");

const PLAIN_LAYOUTS: readonly (readonly [PlainField, Layout])[] = PLAIN_FIELDS.map((field) => [
  field,
  { name: field, collection: undefined, initial: NO_INITIAL },
]);

/** Layouts of the fields of each slice. */
const SLICE_LAYOUTS = new Map(
  Object.entries(SLICES).map(([slice, fields]) => [
    slice as SliceName,
    Object.entries(fields).map(([field, { collection, initial }]): readonly [string, Layout] => [
      field,
      {
        name: `${slice}.${field}`,
        collection: collection as FieldCollection<unknown> | undefined,
        initial: initial as unknown,
      },
    ]),
  ]),
);

type Fields = Readonly<Record<string, unknown>>;

/** Storage layout of a state: one record per plain field, and the declared layout of each slice field. */
export function createStateRecords(namespace: string, codec: GroupCodec): StateRecords {
  /** The stored values, by the names of their layouts. */
  const written = new Map<string, unknown>();
  /** Names of the fields that have a record. */
  const whole = new Set<string>();
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

  function write({ name, collection, initial }: Layout, value: unknown): StorageOperation[] {
    if (written.has(name) && written.get(name) === value) return [];
    written.set(name, value);
    if (collection !== undefined) return orderedRecords(name).changes(collection.entries(value));
    if (isInitial(value, initial)) return dropWhole(name);
    whole.add(name);
    return [putField(namespace, name, value)];
  }

  function drop({ name, collection }: Layout): StorageOperation[] {
    if (!written.delete(name)) return [];
    return collection === undefined ? dropWhole(name) : orderedRecords(name).changes([]);
  }

  function dropWhole(name: string): StorageOperation[] {
    return whole.delete(name) ? [deleteRecord(namespace, fieldKey(name))] : [];
  }

  function restore({ name, collection, initial }: Layout, records: IndexedRecords): unknown {
    const value =
      collection === undefined
        ? readWhole(name, initial, records.whole)
        : readEntries(name, collection, records.entries);
    written.set(name, value);
    return value;
  }

  function readWhole(name: string, initial: unknown, records: IndexedRecords["whole"]): unknown {
    const record = records.get(fieldKey(name));
    if (record === undefined) return initial;
    whole.add(name);
    return fieldValue(record.value);
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
    get fields() {
      return whole.size;
    },

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

    restore(records, count) {
      if (recordsOf(records, FIELD).length !== count) throw new Error("A record of a field is missing.");
      const indexed = indexedRecords(records);
      const plain = PLAIN_LAYOUTS.filter(([field]) => indexed.whole.has(fieldKey(field)));
      const fields = Object.fromEntries(plain.map(([field, layout]) => [field, restore(layout, indexed)]));
      const phase = fields["phase"] as Phase;
      const slices = slicesIn(phase).map((name) => {
        const layouts = SLICE_LAYOUTS.get(name) ?? [];
        return [
          name,
          Object.fromEntries(layouts.map(([field, layout]) => [field, restore(layout, indexed)])),
        ];
      });
      if (whole.size !== count) throw new Error("A record of a field is unknown.");
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

/** Whether it is the initial value; containers are compared only if they are empty. */
function isInitial(value: unknown, initial: unknown): boolean {
  return value === initial || (isEmpty(value) && isEmpty(initial));
}

function isEmpty(value: unknown): boolean {
  return value instanceof Map || value instanceof Set
    ? value.size === 0
    : Array.isArray(value) && value.length === 0;
}

/** Records whose keys are `prefix` with a serial number. */
export function recordsOf(records: readonly StorageRecord[], prefix: string): StorageRecord[] {
  return records.filter(({ key }) => key.startsWith(`${prefix}/`));
}
