import fc from "fast-check";
import { concatBytes } from "../packages/wire/src/core/bytes.js";

/** A change to bytes, independent of their format. Positions are modulo the length. */
export type ByteMutation =
  | { readonly op: "flip"; readonly at: number; readonly bit: number }
  | { readonly op: "cut"; readonly at: number }
  | { readonly op: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly op: "remove"; readonly at: number; readonly length: number }
  | { readonly op: "repeat"; readonly at: number; readonly length: number; readonly times: number }
  /** Replaces the rest by another packet's. */
  | { readonly op: "splice"; readonly at: number; readonly donor: number; readonly donorAt: number };

/** Bytes that are hard to decode: varints of all lengths, lengths of 4 GiB, half a character, no bytes. */
const TROUBLE = [
  "",
  "00",
  "ffffffff0f",
  "ffffffffffffffffff01",
  "ffffffffffffffffffff7f",
  "80808080808080808000",
  "bfffffff",
  "7fffffffffffffff",
  "8000000000000000",
  "c328",
  "eda080",
  "5f5f70726f746f5f5f",
].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));

export const troubleBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom(...TROUBLE),
  fc.uint8Array({ maxLength: 24 }),
);

const at = fc.nat(0xffff);

export const byteMutation: fc.Arbitrary<ByteMutation> = fc.oneof(
  fc.record({ op: fc.constant("flip"), at, bit: fc.nat(7) }),
  fc.record({ op: fc.constant("cut"), at }),
  fc.record({ op: fc.constant("insert"), at, bytes: troubleBytes }),
  fc.record({ op: fc.constant("remove"), at, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    op: fc.constant("repeat"),
    at,
    length: fc.integer({ min: 1, max: 60 }),
    times: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({ op: fc.constant("splice"), at, donor: fc.nat(0xffff), donorAt: at }),
);

/** Generates mutations. @param donors genuine packets whose parts are used */
export function mutateBytes(
  bytes: Uint8Array,
  mutation: ByteMutation,
  donors: readonly Uint8Array[],
): Uint8Array {
  const place = bytes.length === 0 ? 0 : mutation.at % bytes.length;
  const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (mutation.op) {
    case "flip":
      return bytes.map((byte, i) => (i === place ? byte ^ (1 << mutation.bit) : byte));
    case "cut":
      return head.slice();
    case "insert":
      return concatBytes(head, mutation.bytes, tail);
    case "remove":
      return concatBytes(head, tail.subarray(mutation.length));
    case "repeat": {
      const part = tail.subarray(0, mutation.length);
      return concatBytes(head, ...Array.from({ length: mutation.times }, () => part), tail);
    }
    case "splice": {
      const donor = donors[mutation.donor % donors.length] ?? bytes;
      return concatBytes(head, donor.subarray(mutation.donorAt % (donor.length + 1)));
    }
  }
}
