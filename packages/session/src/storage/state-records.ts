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
import { createOrderedRecords, decodeAll } from "./ordered-records.js";

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

/** The records of one value of a state. */
interface ValueRecords {
  /** Returns the operations that bring the records up to date with `value`. */
  write(value: unknown): StorageOperation[];
  /** Returns the operations that delete the value's records. */
  drop(): StorageOperation[];
  restore(records: readonly StorageRecord[]): unknown;
}

/** Value stored as one record, which is written when the value is replaced. */
function wholeRecord(namespace: string, name: string): ValueRecords {
  const key = fieldKey(name);
  let written: { readonly value: unknown } | undefined;
  return {
    write(value) {
      if (written !== undefined && written.value === value) return [];
      written = { value };
      return [putField(namespace, name, value)];
    },
    drop() {
      const operations = written === undefined ? [] : [deleteRecord(namespace, key)];
      written = undefined;
      return operations;
    },
    restore(records) {
      const record = records.find((candidate) => candidate.key === key);
      if (record === undefined) throw new Error(`The record of ${key} is missing.`);
      const value = fieldValue(record.value);
      written = { value };
      return value;
    },
  };
}

/** Value stored as one record per entry, so that a step writes only changed entries. */
function entryRecords<T>(
  namespace: string,
  prefix: string,
  { entries, restore }: FieldCollection<T>,
  codec: GroupCodec,
): ValueRecords {
  const records = createOrderedRecords<FieldEntry>(namespace, prefix, (entry) => entry.plain(codec));
  let written: unknown;
  return {
    write(value) {
      if (written === value) return [];
      written = value;
      return records.changes(entries(value as T));
    },
    drop() {
      written = undefined;
      return records.changes([]);
    },
    restore(all) {
      const kept = recordsOf(all, prefix);
      const value = restore(decodeAll(kept), codec);
      records.adopt(
        kept.map(({ key }) => key),
        entries(value),
      );
      written = value;
      return value;
    },
  };
}

type SliceRecords = ReadonlyMap<string, ValueRecords>;

type Fields = Readonly<Record<string, unknown>>;

/** Storage layout of a state: one record per plain field, and the declared layout of each slice field. */
export function createStateRecords(namespace: string, codec: GroupCodec): StateRecords {
  const plain = new Map<PlainField, ValueRecords>(
    PLAIN_FIELDS.map((field) => [field, wholeRecord(namespace, field)]),
  );
  const slices = new Map<SliceName, SliceRecords>();
  for (const [name, slice] of Object.entries(SLICES)) {
    const fields = Object.entries(slice).map(([field, { collection }]) => {
      const key = `${name}.${field}`;
      const records = collection
        ? entryRecords(namespace, key, collection as FieldCollection<unknown>, codec)
        : wholeRecord(namespace, key);
      return [field, records] as const;
    });
    slices.set(name as SliceName, new Map(fields));
  }
  /** The slices of the previous call: most steps leave most slices as they are. */
  const written = new Map<SliceName, unknown>();

  return {
    changes(state) {
      const values = state as Partial<Readonly<Record<PlainField | SliceName, unknown>>>;
      const operations: StorageOperation[] = [];
      for (const [field, records] of plain)
        operations.push(...(field in values ? records.write(values[field]) : records.drop()));
      for (const [name, fields] of slices) {
        const slice = values[name];
        if (written.has(name) && written.get(name) === slice) continue;
        written.set(name, slice);
        for (const [field, records] of fields)
          operations.push(
            ...(slice === undefined ? records.drop() : records.write((slice as Fields)[field])),
          );
      }
      return operations;
    },

    restore(records) {
      const phase = plain.get("phase")?.restore(records) as Phase;
      const present = new Set(records.map(({ key }) => key));
      const fields = PLAIN_FIELDS.filter((field) => present.has(fieldKey(field)));
      return {
        ...Object.fromEntries(fields.map((field) => [field, plain.get(field)?.restore(records)])),
        ...Object.fromEntries(
          slicesIn(phase).map((name) => [name, restoreSlice(slices.get(name) ?? new Map(), records)]),
        ),
        phase,
      };
    },
  };
}

function restoreSlice(fields: SliceRecords, records: readonly StorageRecord[]): unknown {
  return Object.fromEntries([...fields].map(([field, kept]) => [field, kept.restore(records)]));
}

/** Records whose keys are `prefix` with a serial number. */
export function recordsOf(records: readonly StorageRecord[], prefix: string): StorageRecord[] {
  return records.filter(({ key }) => key.startsWith(`${prefix}/`));
}
