import { bytesToHex, isBytes } from "@demls/wire/core";

/** Object that `JSON.stringify` accepts although it contains bigints and bytes. */
export interface JsonReady {
  /** Returns a JSON form: 64-bit integers as decimal strings, bytes as hex, without undefined values. */
  toJSON(): object;
}

/**
 * Adds a `toJSON` method that spread, `Object.keys` and comparisons ignore.
 *
 * @param fields plain data; may contain bigints, bytes, arrays and objects
 */
export function jsonReady<Fields extends object>(fields: Fields): Fields & JsonReady {
  return Object.defineProperty(fields, "toJSON", { value: () => toJson(fields) }) as Fields & JsonReady;
}

/**
 * Converts an event, a request or other plain data for `JSON.stringify`, which throws for a bigint: 64-bit integers
 * become decimal strings, bytes become hex, and undefined values are omitted.
 *
 * @example
 * ```ts
 * conversation.events$.subscribe((event) => console.log(JSON.stringify(toJson(event))));
 * ```
 */
export function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (isBytes(value)) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}
