import { deleteRecord, type StorageOperation, type StorageRecord } from "@demls/wire/core";
import type { Phase } from "../model/phase.js";
import type { Field, FieldCollection, FieldEntry, GroupCodec } from "../model/slice.js";
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
  /**
   * Takes the restored state with its times shifted by `byMs` as what is stored. The records keep their times: what is
   * written from now on is shifted back, so that a start need not write them all again.
   */
  shift(moved: GrouplessState, byMs: number): void;
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
  /** Shifts the times in the value; absent if there is none. */
  readonly shifted: Field<unknown>["shifted"];
}

/** Initial value of the fields that have none. */
const NO_INITIAL = Symbol("no initial value");

const PLAIN_LAYOUTS: readonly (readonly [PlainField, Layout])[] = PLAIN_FIELDS.map((field) => [
  field,
  { name: field, collection: undefined, initial: NO_INITIAL, shifted: undefined },
]);

/** Layouts of the fields of each slice. */
const SLICE_LAYOUTS = new Map(
  Object.entries(SLICES).map(([slice, fields]) => [
    slice as SliceName,
    Object.entries(fields as Readonly<Record<string, Field<unknown>>>).map(
      ([field, { collection, initial, shifted }]): readonly [string, Layout] => [
        field,
        { name: `${slice}.${field}`, collection, initial, shifted },
      ],
    ),
  ]),
);

/** Keys of the fields that are stored whole. */
const FIELD_KEYS = new Set(
  [...PLAIN_LAYOUTS, ...[...SLICE_LAYOUTS.values()].flat()].map(([, { name }]) => fieldKey(name)),
);

/** Whether this release reads a field with this key. */
export function isFieldKey(key: string): boolean {
  return FIELD_KEYS.has(key);
}

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
  /** Times in the state are those in the records and this. */
  let offsetMs = 0;

  function orderedRecords(layout: Layout): OrderedRecords<FieldEntry> {
    const { name } = layout;
    const known = ordered.get(name);
    if (known !== undefined) return known;
    const records = createOrderedRecords<FieldEntry>(namespace, name, (entry) =>
      unshifted(layout, entry).plain(codec),
    );
    ordered.set(name, records);
    return records;
  }

  /** The entry with the times of its record. */
  function unshifted({ collection, initial, shifted }: Layout, entry: FieldEntry): FieldEntry {
    if (offsetMs === 0 || collection === undefined || shifted === undefined) return entry;
    const { identity, content } = entry;
    const alone = initial instanceof Map ? new Map([[identity, content]]) : [content];
    const [found = entry] = collection.entries(shifted(alone, -offsetMs));
    return found;
  }

  function write(layout: Layout, value: unknown): StorageOperation[] {
    const { name, collection, initial, shifted } = layout;
    if (written.has(name) && written.get(name) === value) return [];
    written.set(name, value);
    if (collection !== undefined) return orderedRecords(layout).changes(collection.entries(value));
    const stored = shifted === undefined || offsetMs === 0 ? value : shifted(value, -offsetMs);
    if (isInitial(stored, initial)) return dropWhole(name);
    whole.add(name);
    return [putField(namespace, name, stored)];
  }

  function drop(layout: Layout): StorageOperation[] {
    const { name, collection } = layout;
    if (!written.delete(name)) return [];
    return collection === undefined ? dropWhole(name) : orderedRecords(layout).changes([]);
  }

  function dropWhole(name: string): StorageOperation[] {
    return whole.delete(name) ? [deleteRecord(namespace, fieldKey(name))] : [];
  }

  function restore(layout: Layout, records: IndexedRecords): unknown {
    const { name, collection, initial } = layout;
    const value =
      collection === undefined
        ? readWhole(name, initial, records.whole)
        : readEntries(layout, collection, records.entries);
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
    layout: Layout,
    collection: FieldCollection<unknown>,
    entries: IndexedRecords["entries"],
  ): unknown {
    const kept = entries.get(layout.name) ?? [];
    const value = collection.restore(decodeAll(kept), codec);
    if (kept.length > 0)
      orderedRecords(layout).adopt(
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

    shift(moved, byMs) {
      offsetMs = byMs;
      for (const slice of slicesIn(moved.phase))
        for (const [field, { name, collection }] of SLICE_LAYOUTS.get(slice) ?? []) {
          const value = (moved[slice] as Fields)[field];
          written.set(name, value);
          if (collection !== undefined) ordered.get(name)?.renew(collection.entries(value));
        }
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
