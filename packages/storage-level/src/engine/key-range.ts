import type { ScanOptions } from "@demls/wire/core";

/** A range of keys. */
export interface KeyRange {
  readonly lower: string;
  /** Whether `lower` itself is left out. */
  readonly isLowerOpen: boolean;
  /** The first key beyond the range. */
  readonly upper: string;
}

/** Character after all those of a key, which is printable ASCII. */
const BEYOND = "\x7f";

/** The range that the options describe; `undefined` if it has no keys. */
export function keyRange({ prefix = "", after, before, limit }: ScanOptions): KeyRange | undefined {
  const end = prefix + BEYOND;
  const isLowerOpen = after !== undefined && after >= prefix;
  const lower = isLowerOpen ? after : prefix;
  const upper = before !== undefined && before < end ? before : end;
  return lower < upper && limit !== 0 ? { lower, isLowerOpen, upper } : undefined;
}
