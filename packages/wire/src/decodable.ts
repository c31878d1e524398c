import type protobuf from "protobufjs/minimal.js";

/** Shared, because an empty array cannot change and a packet may hold many empty fields. */
const EMPTY = new Uint8Array(0);

/** Copies `field`, so that the value does not keep its packet in memory and does not change with it. */
export function bytesValue(field: Uint8Array | null | undefined): Uint8Array {
  // slice() of a Node Buffer would make a view.
  return field?.length ? new Uint8Array(field) : EMPTY;
}

/** Like {@link bytesValue}; `undefined` for an empty field. */
export function optionalBytes(field: Uint8Array | null | undefined): Uint8Array | undefined {
  return field?.length ? bytesValue(field) : undefined;
}

/** The unsigned 64-bit integer in `field`. */
export function uint64Value(field: protobuf.Long | number | null | undefined): bigint {
  return BigInt.asUintN(64, int64Value(field));
}

/** The signed 64-bit integer in `field`. */
export function int64Value(field: protobuf.Long | number | null | undefined): bigint {
  // Without the package `long`, protobufjs returns the number 0 for an absent field.
  if (typeof field !== "object" || field === null) return BigInt(field ?? 0);
  return (BigInt(field.high | 0) << 32n) | BigInt(field.low >>> 0);
}
