import type { StorageRecord } from "@demls/wire/core";
import { SLICES, type SliceName } from "../../../src/model/state.js";
import { decodeRecord } from "../../../src/storage/plain-data.js";

/** A stored record with its namespace. */
export interface PlacedRecord extends StorageRecord {
  readonly namespace: string;
}

/** Types of the values at each path: the kind of record, then names of fields. */
export type Layout = Map<string, Set<string>>;

/** How the values of a slice's field are stored. */
export function storageOf(slice: SliceName, field: string): "whole" | "list" | "map" {
  const { collection, initial } = (
    SLICES[slice] as Readonly<Record<string, { collection?: unknown; initial: unknown }>>
  )[field]!;
  if (collection === undefined) return "whole";
  return initial instanceof Map ? "map" : "list";
}

/** The kind of a record: its namespace and key without their numbers. */
export function kindOf({ namespace, key }: Omit<PlacedRecord, "value">): string {
  const [place = ""] = namespace.split("/");
  if (key.startsWith("field/")) return `${place} ${key}`;
  return `${place} ${key.split("/")[0]}`;
}

/** Whether records of this kind are bytes of the MLS service, which has a format of its own. */
const isForeign = (kind: string): boolean => kind === "conversation group";

/** Layout of stored records. */
export function layoutOf(records: Iterable<PlacedRecord>): Layout {
  const layout: Layout = new Map();
  for (const record of records) addRecord(layout, record);
  return layout;
}

function addRecord(layout: Layout, record: PlacedRecord): void {
  const kind = kindOf(record);
  if (isForeign(kind)) return add(layout, kind, "bytes");
  const value = decodeRecord(record.value);
  const [slice = "", field = ""] = (kind.split(" ")[1] ?? "").split(".");
  if (field !== "" && slice in SLICES) addEntry(layout, kind, slice as SliceName, field, value);
  else addValue(layout, kind, value);
}

function addEntry(layout: Layout, kind: string, slice: SliceName, field: string, value: unknown): void {
  if (storageOf(slice, field) !== "map") return addValue(layout, kind, value);
  const [key, content] = value as [unknown, unknown];
  addValue(layout, `${kind} key`, key);
  addValue(layout, `${kind} value`, content);
}

function addValue(layout: Layout, path: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== "object") return add(layout, path, TYPES[typeof value] ?? "unknown");
  if (value instanceof Uint8Array) return add(layout, path, "bytes");
  if (value instanceof Map) {
    add(layout, path, "map");
    for (const [key, content] of value) {
      addValue(layout, `${path} key`, key);
      addValue(layout, `${path} value`, content);
    }
    return;
  }
  if (value instanceof Set || Array.isArray(value)) {
    add(layout, path, "list");
    for (const item of value) addValue(layout, `${path}[]`, item);
    return;
  }
  const variant = variantOf(value);
  for (const [name, content] of Object.entries(value)) {
    if (isFork(path) && name === "state") addForkState(layout, `${path}.state`, content as object);
    else addValue(layout, `${path}${variant}.${name}`, content);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  bigint: "bigint",
  boolean: "flag",
};

/** The path of the values of forks, each of which has a former state. */
export const isFork = (path: string): boolean => path === "conversation branches.forks value";

/** The slices of a fork's state have the layout of those of a state: each list or map is a list of entries. */
function addForkState(layout: Layout, path: string, state: object): void {
  for (const [name, value] of Object.entries(state)) {
    if (!(name in SLICES)) addValue(layout, `${path}.${name}`, value);
    else
      for (const [field, content] of Object.entries(value as object))
        addField(layout, name as SliceName, field, content);
  }
}

function addField(layout: Layout, slice: SliceName, field: string, content: unknown): void {
  if (!(field in SLICES[slice])) return add(layout, `conversation ${slice}.${field}`, "unknown");
  if (storageOf(slice, field) === "whole")
    addValue(layout, `conversation field/${slice}.${field}.value`, content);
  else
    for (const entry of content as unknown[])
      addEntry(layout, `conversation ${slice}.${field}`, slice, field, entry);
}

/** Values that a field `kind` tells apart have layouts of their own. */
function variantOf(value: object): string {
  const { kind } = value as { readonly kind?: unknown };
  return typeof kind === "string" ? `(${kind})` : "";
}

export function add(layout: Layout, path: string, type: string): void {
  const types = layout.get(path);
  if (types === undefined) layout.set(path, new Set([type]));
  else types.add(type);
}

/** Each type of a layout with its path. */
export function typesOf(layout: Layout): readonly string[] {
  return [...layout].flatMap(([path, types]) => Array.from(types, (type) => `${path}: ${type}`));
}

/** A layout as text: a line for each path, in order. */
export function linesOf(layout: Layout): readonly string[] {
  return [...layout].map(([path, types]) => `${path}: ${[...types].sort().join(" or ")}`).sort();
}
