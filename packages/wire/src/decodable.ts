import type protobuf from "protobufjs/minimal.js";

/** Shared, because an array without elements cannot be changed, and a packet may hold many empty fields. */
const EMPTY = new Uint8Array(0);

/** A copy of `field`, so that a value neither pins its packet in memory nor changes with it. */
export function bytesValue(field: Uint8Array | null | undefined): Uint8Array {
  // Not slice(), which on a Node Buffer makes a view.
  return field?.length ? new Uint8Array(field) : EMPTY;
}

/** The unsigned 64-bit integer in `field`. */
export function uint64Value(field: protobuf.Long | number | null | undefined): bigint {
  return BigInt.asUintN(64, int64Value(field));
}

/** The signed 64-bit integer in `field`. */
export function int64Value(field: protobuf.Long | number | null | undefined): bigint {
  // A number is the absent field's default, 0, where protobufjs runs without the package `long`.
  if (typeof field !== "object" || field === null) return BigInt(field ?? 0);
  return (BigInt(field.high | 0) << 32n) | BigInt(field.low >>> 0);
}
