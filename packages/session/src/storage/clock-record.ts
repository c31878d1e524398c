import { putRecord, type StorageOperation } from "@demls/wire/core";
import type { ClockReading } from "../model/deadline.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";

/** Key of the record that each batch of a conversation replaces. */
export const CLOCK = "clock";

/** Content of that record: a list without names, to be small. */
export interface ClockRecord extends ClockReading {
  /** Number of records of fields that are stored whole, so that a missing one is noticed. */
  readonly fields: number;
}

export function putClock(namespace: string, { monotonicMs, wallMs, fields }: ClockRecord): StorageOperation {
  return putRecord(namespace, CLOCK, encodeRecord([monotonicMs, wallMs, fields]));
}

/** @throws Error if it cannot be read. */
export function clockIn(record: Uint8Array): ClockRecord {
  const [monotonicMs, wallMs, fields] = decodeRecord(record) as [number, number, number];
  return { monotonicMs, wallMs, fields };
}
