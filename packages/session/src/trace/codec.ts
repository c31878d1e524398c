import { bytesToHex, hexToBytes, isBytes } from "@demls/wire/core";
import { isTraceRecord } from "./schema.js";
import type { TraceRecord } from "./record.js";

/** Version of the lines. It counts from the first release: a later one that cannot read former lines raises it. */
const VERSION = 1;

/** Twice as deep as a record is: a line that is nested deeper is none, and would exhaust the stack. */
const MAX_DEPTH = 16;

/** What a line of a trace holds, or why it holds nothing that can be used. */
export type DecodedTraceRecord =
  | { readonly ok: true; readonly value: TraceRecord }
  | {
      readonly ok: false;
      /** Not JSON, such as a line that was cut off; written in another version; or not what a record looks like. */
      readonly reason: "not-json" | "other-version" | "malformed";
    };

/**
 * A record as one line of JSON, without the line's end. Bytes stand as `{"hex":"…"}`, 64-bit integers as
 * `{"bigint":"…"}`, and what is undefined is left out.
 */
export function encodeTraceRecord(record: TraceRecord): string {
  return JSON.stringify({ v: VERSION, ...(toJson(record) as object) });
}

/** Reads a line of {@link encodeTraceRecord}. Never throws for what the line holds. */
export function decodeTraceRecord(line: string): DecodedTraceRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { ok: false, reason: "not-json" };
  }
  if (typeof parsed !== "object" || parsed === null || !("v" in parsed))
    return { ok: false, reason: "malformed" };
  const { v, ...rest } = parsed;
  if (v !== VERSION) return { ok: false, reason: "other-version" };
  const value = fromJson(rest);
  return isTraceRecord(value) ? { ok: true, value } : { ok: false, reason: "malformed" };
}

function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return { bigint: String(value) };
  if (isBytes(value)) return { hex: bytesToHex(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** What cannot be read becomes undefined, which no record's check takes for a value. */
function fromJson(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1));
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    const [tag, text] = only as [string, unknown];
    if (tag === "hex") return typeof text === "string" ? hexToBytes(text) : undefined;
    if (tag === "bigint") return typeof text === "string" && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, fromJson(item, depth + 1)]));
}
