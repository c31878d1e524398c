import { bytesToHex } from "@demls/wire";

/** Fields of an object to be written as JSON by way of {@link jsonValue}. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value as JSON has it: 64-bit integers as decimal strings, bytes as hex. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, jsonValue(field)]));
}
