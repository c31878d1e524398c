import { DemlsError } from "@demls/wire/core";

const MAX_UINT32 = 0xffff_ffff;

/** Whether `value` fits an unsigned 32-bit integer. */
export function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_UINT32;
}

/** @throws DemlsError `value-out-of-range`, with `field`. */
export function requireUint32(value: number, field: string): void {
  if (isUint32(value)) return;
  throw new DemlsError("value-out-of-range", {
    message: `${field} is not an unsigned 32-bit integer.`,
    field,
    remedy: "Pass a whole number from 0 to 4294967295.",
  });
}
