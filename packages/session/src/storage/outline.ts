import type { StorageRecord } from "@demls/wire/core";
import type { Phase } from "../model/phase.js";
import { CLOCK, clockIn, type ClockRecord } from "./clock-record.js";
import { FIELD, fieldKey, fieldValue } from "./field-record.js";
import { GENERATIONS, GROUP } from "./group-records.js";
import { checkVersion } from "./plain-data.js";
import { isFieldKey } from "./state-records.js";

/** Part of a stored conversation that is read before the rest is decoded. */
export interface Outline {
  readonly name: string;
  readonly phase: Phase;
  readonly clock: ClockRecord;
}

const NAME = fieldKey("name");
const PHASE = fieldKey("phase");
const PARTS = new Set([CLOCK, NAME, PHASE, GROUP, GENERATIONS]);

/**
 * The outline in the records of a conversation.
 *
 * @throws Error if a record is missing, is none of this format, or cannot be read and belongs to the outline.
 */
export function outlineOf(records: readonly StorageRecord[]): Outline {
  const found = new Map<string, Uint8Array>();
  let fields = 0;
  for (const { key, value } of records) {
    if (key !== GROUP) checkVersion(value);
    if (PARTS.has(key)) found.set(key, value);
    if (!key.startsWith(`${FIELD}/`)) continue;
    if (!isFieldKey(key)) throw new Error(`The field ${key} is unknown.`);
    fields += 1;
  }
  const clock = clockIn(required(found, CLOCK));
  if (fields !== clock.fields) throw new Error("A record of a field is missing.");
  const name = fieldValue(required(found, NAME));
  const phase = fieldValue(required(found, PHASE));
  if (typeof name !== "string" || typeof phase !== "string") throw new Error("A field has another type.");
  if (hasGroup(phase as Phase)) for (const key of [GROUP, GENERATIONS]) required(found, key);
  return { name, phase: phase as Phase, clock };
}

/** Whether a conversation of this phase is in a group. */
export function hasGroup(phase: Phase): boolean {
  return phase !== "pending-join" && phase !== "ended";
}

function required(records: ReadonlyMap<string, Uint8Array>, key: string): Uint8Array {
  const value = records.get(key);
  if (value === undefined) throw new Error(`The record ${key} is missing.`);
  return value;
}
