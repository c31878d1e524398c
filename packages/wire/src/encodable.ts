import protobuf from "protobufjs/minimal.js";
import { isWellFormed } from "./core/bytes.js";
import { DemlsError } from "./core/error.js";

// Checks before encoding. Without them protobufjs would silently wrap a number out of range, and write text that no
// UTF-8 decoder accepts.

const MAX_UINT32 = 2 ** 32 - 1;

/** `value`, which must be an integer from 0 to 2^32 - 1. */
export function uint32(value: number, field: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= MAX_UINT32) return value;
  throw outOfRange(field, "an integer from 0 to 2^32 - 1");
}

/** `value`, which must be an integer from -2^31 to 2^31 - 1. */
export function int32(value: number, field: string): number {
  if ((value | 0) === value) return value;
  throw outOfRange(field, "an integer from -2^31 to 2^31 - 1");
}

/** `value`, which must lie between 0 and 2^64 - 1, in a form that protobufjs writes exactly. */
export function uint64(value: bigint, field: string): protobuf.Long {
  if (BigInt.asUintN(64, value) === value) return toLong(value, true);
  throw outOfRange(field, "a bigint from 0 to 2^64 - 1");
}

/** `value`, which must lie between -2^63 and 2^63 - 1, in a form that protobufjs writes exactly. */
export function int64(value: bigint, field: string): protobuf.Long {
  if (BigInt.asIntN(64, value) === value) return toLong(value, false);
  throw outOfRange(field, "a bigint from -2^63 to 2^63 - 1");
}

/** `value`, which must be well-formed UTF-16. */
export function text(value: string, field: string): string {
  if (isWellFormed(value)) return value;
  throw new DemlsError("invalid-text", {
    message: `${field} has a lone surrogate.`,
    field,
    remedy: "Cut text between code points, or repair it with toWellFormed().",
  });
}

function toLong(value: bigint, unsigned: boolean): protobuf.Long {
  const low = Number(BigInt.asUintN(32, value));
  const high = Number(BigInt.asUintN(32, value >> 32n));
  return new protobuf.util.LongBits(low, high).toLong(unsigned);
}

function outOfRange(field: string, range: string): DemlsError<"value-out-of-range"> {
  return new DemlsError("value-out-of-range", {
    message: `${field} does not fit its field on the wire.`,
    field,
    remedy: `Pass ${range}.`,
  });
}
