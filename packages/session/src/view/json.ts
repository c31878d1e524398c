import { bytesToHex, isBytes } from "@demls/wire/core";

/** An object that `JSON.stringify` takes, though it holds bigints and bytes. */
export interface JsonReady {
  /** The same as JSON has it: 64-bit integers as decimal strings, bytes as hex; what is absent is left out. */
  toJSON(): object;
}

/**
 * The object, with a `toJSON` that neither a spread, `Object.keys` nor a comparison sees.
 *
 * @param fields plain data: it may hold bigints, bytes, arrays and objects
 */
export function jsonReady<Fields extends object>(fields: Fields): Fields & JsonReady {
  return Object.defineProperty(fields, "toJSON", { value: () => toJson(fields) }) as Fields & JsonReady;
}

/**
 * An event, a request or other plain data as JSON has it: 64-bit integers as decimal strings, bytes as hex; what is
 * absent is left out. `JSON.stringify` throws for a bigint, but takes the result of this.
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
