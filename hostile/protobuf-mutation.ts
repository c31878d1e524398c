import fc from "fast-check";
import { concatBytes } from "../packages/wire/src/core/bytes.js";
import { troubleBytes } from "./byte-mutation.js";
import { readFields, writeFields, type Field } from "./protobuf-fields.js";

/** A change to one field of a message at any depth. `field` is modulo the number of fields. */
export type ProtobufMutation = { readonly field: number } & (
  | { readonly op: "drop" }
  | { readonly op: "duplicate"; readonly times: number }
  | { readonly op: "set-number"; readonly value: bigint }
  | { readonly op: "set-bytes"; readonly bytes: Uint8Array }
  | { readonly op: "lengthen"; readonly length: number }
  | { readonly op: "renumber"; readonly number: number }
  | { readonly op: "retype"; readonly wireType: number }
  | { readonly op: "pad"; readonly bytes: number }
  | { readonly op: "claim"; readonly length: bigint }
  | { readonly op: "nest"; readonly depth: number }
  /** Replaces the field by another one, of this message or another message. */
  | { readonly op: "swap"; readonly donor: number; readonly from: number }
);

/** Values at and around the limits of every integer type. */
const EDGES = [7n, 8n, 31n, 32n, 53n, 63n, 64n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits]);

/** Integers of up to 64 bits that are often handled wrong. */
const edgeInteger: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, ...EDGES.filter((edge) => edge < 2n ** 64n)),
  fc.bigInt(0n, 2n ** 64n - 1n),
);

const field = fc.nat(0xffff);

export const protobufMutation: fc.Arbitrary<ProtobufMutation> = fc.oneof(
  fc.record({ op: fc.constant("drop"), field }),
  fc.record({
    op: fc.constant("duplicate"),
    field,
    times: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(300)),
  }),
  fc.record({ op: fc.constant("set-number"), field, value: edgeInteger }),
  fc.record({ op: fc.constant("set-bytes"), field, bytes: troubleBytes }),
  fc.record({ op: fc.constant("lengthen"), field, length: fc.constantFrom(64, 5_000) }),
  fc.record({ op: fc.constant("renumber"), field, number: fc.constantFrom(1, 2, 3, 8, 9, 99, 2 ** 29 - 1) }),
  fc.record({ op: fc.constant("retype"), field, wireType: fc.nat(7) }),
  fc.record({ op: fc.constant("pad"), field, bytes: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ op: fc.constant("claim"), field, length: edgeInteger }),
  fc.record({ op: fc.constant("nest"), field, depth: fc.constantFrom(1, 99, 100, 101, 2_000) }),
  fc.record({ op: fc.constant("swap"), field, donor: fc.nat(0xffff), from: fc.nat(0xffff) }),
);

/** Applies a mutation to a message; other bytes stay unchanged. */
export function mutateProtobuf(
  bytes: Uint8Array,
  mutation: ProtobufMutation,
  donors: readonly Uint8Array[],
): Uint8Array {
  const fields = readFields(bytes);
  const places = fields === undefined ? [] : placesIn(fields);
  const place = places[mutation.field % places.length];
  if (fields === undefined || place === undefined) return bytes;
  const { siblings, index } = place;
  siblings.splice(index, 1, ...changed(siblings[index] as Field, mutation, donors));
  return writeFields(fields);
}

interface Place {
  readonly siblings: Field[];
  readonly index: number;
}

function placesIn(fields: Field[]): Place[] {
  return fields.flatMap((inner, index) => [
    { siblings: fields, index },
    ...(inner.fields === undefined ? [] : placesIn(inner.fields)),
  ]);
}

function changed(of: Field, mutation: ProtobufMutation, donors: readonly Uint8Array[]): Field[] {
  const { number, wireType } = of;
  switch (mutation.op) {
    case "drop":
      return [];
    case "duplicate":
      return [of, ...Array.from({ length: mutation.times }, () => of)];
    case "set-number":
      return [{ number, wireType: 0, content: mutation.value }];
    case "set-bytes":
      return [{ number, wireType: 2, content: mutation.bytes }];
    case "lengthen":
      return [
        { number, wireType: 2, content: concatBytes(contentBytes(of), new Uint8Array(mutation.length)) },
      ];
    case "renumber":
      return [{ ...of, number: mutation.number }];
    case "retype":
      return [{ ...of, wireType: mutation.wireType }];
    case "pad":
      return [{ ...of, padding: mutation.bytes }];
    case "claim":
      return [{ ...of, claimed: mutation.length }];
    case "nest":
      return [{ number, wireType, content: nested(number, mutation.depth) }];
    case "swap": {
      const donor = readFields(donors[mutation.donor % donors.length] ?? new Uint8Array()) ?? [];
      const others = placesIn(donor).map(({ siblings, index }) => siblings[index] as Field);
      const other = others[mutation.from % others.length];
      return other === undefined ? [of] : [{ ...other, number }];
    }
  }
}

function contentBytes({ content }: Field): Uint8Array {
  return content instanceof Uint8Array ? content : new Uint8Array();
}

/** Nested groups, which exhaust the stack of a recursive decoder. */
function nested(number: number, depth: number): Uint8Array {
  const start = writeFields([{ number, wireType: 3, content: new Uint8Array() }]);
  const end = writeFields([{ number, wireType: 4, content: new Uint8Array() }]);
  const parts = Array.from({ length: 2 * depth }, (_, i) => (i < depth ? start : end));
  return concatBytes(...parts);
}
