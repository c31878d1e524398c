import { putRecord, type StorageOperation } from "@demls/wire/core";
import { decodeRecord, encodeRecord } from "./plain-data.js";

/** Prefix of the keys of {@link fieldKey}. */
export const FIELD = "field";

/** Key of the record of a field that is stored whole, such as `phase` or, in a slice, `leave.requested`. */
export function fieldKey(name: string): string {
  return `${FIELD}/${name}`;
}

/** The operation that writes such a field. */
export function putField(namespace: string, name: string, value: unknown): StorageOperation {
  return putRecord(namespace, fieldKey(name), encodeRecord({ value }));
}

/**
 * The value in the record of such a field.
 *
 * @throws Error if it cannot be read.
 */
export function fieldValue(record: Uint8Array): unknown {
  return (decodeRecord(record) as { readonly value: unknown }).value;
}
