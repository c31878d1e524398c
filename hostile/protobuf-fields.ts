import { concatBytes } from "../packages/wire/src/core/bytes.js";

/** An encoded field, independent of its schema. */
export interface Field {
  number: number;
  wireType: number;
  /** Bytes after the key, without the length. */
  content: Uint8Array | bigint;
  /** Fields of `content`, if it parses as a message. */
  fields?: Field[];
  /** Number of redundant bytes in each varint. */
  padding?: number;
  /** Encoded length, if it differs from the true one. */
  claimed?: bigint;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Parses bytes as a message with nested messages; `undefined` if they are not one. */
export function readFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | undefined => {
    for (let value = 0n, shift = 0n; at < bytes.length && shift < 64n; shift += 7n) {
      const byte = bytes[at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  const take = (length: number): Uint8Array | undefined => {
    at += length;
    return at <= bytes.length ? bytes.slice(at - length, at) : undefined;
  };
  while (at < bytes.length) {
    const key = varint();
    if (key === undefined || key >> 3n === 0n || key > 0xffff_ffffn) return undefined;
    const wireType = Number(key & 7n);
    const content = contentOf(wireType, varint, take);
    if (content === undefined) return undefined;
    const inside =
      wireType === DELIMITED && content instanceof Uint8Array && content.length > 0
        ? readFields(content)
        : undefined;
    fields.push({ number: Number(key >> 3n), wireType, content, ...(inside && { fields: inside }) });
  }
  return fields;
}

function contentOf(
  wireType: number,
  varint: () => bigint | undefined,
  take: (length: number) => Uint8Array | undefined,
): Uint8Array | bigint | undefined {
  switch (wireType) {
    case VARINT:
      return varint();
    case FIXED64:
      return take(8);
    case FIXED32:
      return take(4);
    case DELIMITED: {
      const length = varint();
      return length === undefined ? undefined : take(Number(length));
    }
    default:
      return undefined;
  }
}

/** Encodes fields, including their faults. */
export function writeFields(fields: readonly Field[]): Uint8Array {
  return concatBytes(...fields.map(writeField));
}

function writeField({ number, wireType, content, fields, padding = 0, claimed }: Field): Uint8Array {
  const key = writeVarint((BigInt(number) << 3n) | BigInt(wireType), padding);
  if (typeof content === "bigint") return concatBytes(key, writeVarint(content, padding));
  const body = fields === undefined ? content : writeFields(fields);
  if (wireType !== DELIMITED) return concatBytes(key, body);
  return concatBytes(key, writeVarint(claimed ?? BigInt(body.length), padding), body);
}

/** Encodes a varint. @param padding number of redundant bytes */
function writeVarint(value: bigint, padding = 0): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn));
    if (rest < 0x80n) break;
  }
  for (let i = 0; i < padding; i++) bytes.push(0);
  for (let i = 0; i < bytes.length - 1; i++) bytes[i] = (bytes[i] as number) | 0x80;
  return new Uint8Array(bytes);
}
