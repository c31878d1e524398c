import { bytesToHex, hexToBytes, isBytes } from "@demls/wire/core";
import { isTraceRecord } from "./schema.js";
import type { TraceRecord } from "./record.js";

/** Version of the line format. A release that cannot read earlier lines raises it. */
const VERSION = 1;

/** Maximum nesting depth: twice the depth of a record. Deeper lines would exhaust the stack. */
const MAX_DEPTH = 16;

/** Decoded trace line, or the reason why it is unusable. */
export type DecodedTraceRecord =
  | { readonly ok: true; readonly value: TraceRecord }
  | {
      readonly ok: false;
      /** Invalid JSON (such as a truncated line), another version, or an invalid record. */
      readonly reason: "not-json" | "other-version" | "malformed";
    };

/**
 * Encodes a record as one line of JSON, without a line break. Bytes are encoded as `{"hex":"…"}`, 64-bit integers as
 * `{"bigint":"…"}`; undefined values are omitted.
 */
export function encodeTraceRecord(record: TraceRecord): string {
  return JSON.stringify({ v: VERSION, ...(toJson(record) as object) });
}

/** Decodes a line of {@link encodeTraceRecord}. Never throws for invalid lines. */
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

/** Invalid values become undefined, which fails the record's check. */
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
