import { fileURLToPath } from "node:url";
import fc from "fast-check";
import protobuf from "protobufjs";
import { concatBytes, utf8ToBytes } from "../src/index.js";

// Encodings made from the schema alone, without the tested code. As in prost, fields are in ascending order and proto3
// defaults are left out.

/** Path to a field whose value is a message: its parent fields from the outermost on, and the field itself. */
export type MessagePath = readonly protobuf.Field[];

const WITH_LENGTH = 2;
const VARINT = 0;
const NONE = new Uint8Array(0);

const root = loadSchema();

/** The message type with a full name in the schema. */
export function messageType(name: string): protobuf.Type {
  return root.lookupType(name);
}

/** Paths to all fields of a type, at any depth, whose values are messages. */
export function messagePathsOf(type: protobuf.Type): readonly MessagePath[] {
  return fieldsOf(type).flatMap((field) =>
    field.resolvedType instanceof protobuf.Type
      ? [[field], ...messagePathsOf(field.resolvedType).map((path) => [field, ...path])]
      : [],
  );
}

/** Encoding of a message that contains only the nested messages of `path`. */
export function nestedEncoding(path: MessagePath): Uint8Array {
  return path.reduceRight<Uint8Array>((inner, field) => lengthDelimited(field, inner), NONE);
}

/** Encodings of a message type. Each nested message is absent, empty or filled, and a oneof has at most one member. */
export function arbitraryEncoding(type: protobuf.Type): fc.Arbitrary<Uint8Array> {
  const parts = fieldsOf(type).map((field) => ({ field, bytes: arbitraryField(field) }));
  const single = parts.filter(({ field }) => field.partOf === null).map(({ bytes }) => bytes);
  const members = type.oneofsArray.map((oneof) =>
    fc.oneof(
      fc.constant(NONE),
      ...parts.filter(({ field }) => field.partOf === oneof).map(({ bytes }) => bytes),
    ),
  );
  // Here no message with a oneof has other fields, so the parts are in the order of their numbers.
  return fc.tuple(...single, ...members).map((encoded) => concatBytes(...encoded));
}

function loadSchema(): protobuf.Root {
  const folder = fileURLToPath(new URL("../proto/", import.meta.url));
  const schema = new protobuf.Root();
  schema.resolvePath = (_origin, target) => (target.startsWith(folder) ? target : folder + target);
  const files = ["application", "welcome", "repair"].map((name) => `messages/v1/${name}.proto`);
  schema.loadSync(files, { keepCase: true }).resolveAll();
  return schema;
}

function fieldsOf(type: protobuf.Type): readonly protobuf.Field[] {
  return [...type.fieldsArray].sort((a, b) => a.id - b.id).map((field) => field.resolve());
}

/** Encoding of a field with its key; empty for an absent field. */
function arbitraryField(field: protobuf.Field): fc.Arbitrary<Uint8Array> {
  if (field.resolvedType instanceof protobuf.Type) {
    const message = fc.oneof(fc.constant(NONE), arbitraryEncoding(field.resolvedType));
    return field.repeated
      ? repeated(field, message)
      : optional(message.map((it) => lengthDelimited(field, it)));
  }
  if (field.type === "bytes" || field.type === "string") {
    const content =
      field.type === "bytes"
        ? fc.uint8Array({ maxLength: 20 })
        : fc.string({ unit: "binary", maxLength: 20 }).map(utf8ToBytes);
    if (field.repeated) return repeated(field, content);
    return content.map((it) => (it.length === 0 ? NONE : lengthDelimited(field, it)));
  }
  // Repeated numbers are packed in one field.
  if (field.repeated)
    return fc
      .array(arbitraryNumber(field).map(varint), { maxLength: 3 })
      .map((numbers) => (numbers.length === 0 ? NONE : lengthDelimited(field, concatBytes(...numbers))));
  return arbitraryNumber(field).map((value) =>
    value === 0n ? NONE : concatBytes(varint(keyOf(field, VARINT)), varint(value)),
  );
}

function arbitraryNumber({ type, resolvedType, fullName }: protobuf.Field): fc.Arbitrary<bigint> {
  if (type === "bool") return fc.bigInt(0n, 1n);
  if (type === "uint32") return fc.bigInt(0n, 2n ** 32n - 1n);
  if (type === "uint64") return fc.bigInt(0n, 2n ** 64n - 1n);
  // Negative numbers are written as 64 bits.
  if (type === "int64") return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((it) => BigInt.asUintN(64, it));
  if (resolvedType instanceof protobuf.Enum)
    return fc.bigInt(-(2n ** 31n), 2n ** 31n - 1n).map((it) => BigInt.asUintN(64, it));
  throw new Error(`${fullName}: ${type} has no encoding here.`);
}

function repeated(field: protobuf.Field, element: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const elements = fc.array(
    element.map((it) => lengthDelimited(field, it)),
    { maxLength: 3 },
  );
  return elements.map((it) => concatBytes(...it));
}

function optional(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.oneof(fc.constant(NONE), bytes);
}

function lengthDelimited(field: protobuf.Field, content: Uint8Array): Uint8Array {
  return concatBytes(varint(keyOf(field, WITH_LENGTH)), varint(BigInt(content.length)), content);
}

function keyOf({ id }: protobuf.Field, wireType: number): bigint {
  return BigInt(id * 8 + wireType);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}
