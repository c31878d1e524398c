import protobuf from "protobufjs/minimal.js";

/** sint64 in protobuf's zigzag encoding: small numbers of either sign become small unsigned ones. */
export function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

/** Inverse of {@link zigzag}. */
export function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}

/** Unsigned 64-bit number as protobufjs writes it. */
export function longOf(value: bigint): protobuf.Long {
  return new protobuf.util.LongBits(Number(value & 0xffff_ffffn), Number(value >> 32n)).toLong(true);
}

/** Unsigned 64-bit number as protobufjs reads it: without the package `long` a number, exact up to 2^53. */
export function bigintOf(value: protobuf.Long | number): bigint {
  if (typeof value === "number") return BigInt(value);
  return (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
}
