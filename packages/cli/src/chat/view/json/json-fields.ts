import { bytesToHex } from "@demls/wire";

/** Fields of an object, for {@link jsonValue}. */
export type Fields = Readonly<Record<string, unknown>>;

/** Converts a value for JSON: 64-bit integers to decimal strings, bytes to hex. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, jsonValue(field)]));
}
