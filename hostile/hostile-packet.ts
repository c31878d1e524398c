import fc from "fast-check";
import { byteMutation, mutateBytes, type ByteMutation } from "./byte-mutation.js";
import { mutateProtobuf, protobufMutation, type ProtobufMutation } from "./protobuf-mutation.js";

export type Mutation = ByteMutation | ProtobufMutation;

/**
 * Recipe of a packet: noise, a genuine packet with a series of changes, or a genuine packet with a field longer than
 * its limit.
 */
export type Recipe =
  | { readonly kind: "noise"; readonly bytes: Uint8Array }
  | { readonly kind: "mutated"; readonly genuine: number; readonly mutations: readonly Mutation[] }
  | { readonly kind: "huge"; readonly genuine: number; readonly field: number; readonly length: number };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(byteMutation, { arbitrary: protobufMutation, weight: 3 });

/** Lengths above the limits of a vote, of each kind of request, and of a packet. */
const HUGE_LENGTHS = [5_000, 30_000, 70_000, 300_000, 1_100_000];

/**
 * Generates recipes: one in ten is noise, one in a hundred is huge. Some packets are genuine and unchanged, which is
 * hostile in another context.
 */
export const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("noise"), bytes: fc.uint8Array({ maxLength: 300 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("huge"),
      genuine: fc.nat(0xffff),
      field: fc.nat(0xffff),
      length: fc.constantFrom(...HUGE_LENGTHS),
    }),
  },
  {
    weight: 89,
    arbitrary: fc.record({
      kind: fc.constant("mutated"),
      genuine: fc.nat(0xffff),
      mutations: fc.array(mutation, { maxLength: 2 }),
    }),
  },
);

/** Maximum length of a mutated packet. Longer ones test no more than huge ones, and cost more. */
const MAX_BYTES = 20_000;

/** Builds a packet from a recipe. @param genuine the packets that recipes change */
export function made(made: Recipe, genuine: readonly Uint8Array[]): Uint8Array {
  if (made.kind === "noise") return made.bytes;
  const start = genuine[made.genuine % genuine.length] ?? new Uint8Array();
  if (made.kind === "huge") {
    const { field, length } = made;
    return mutateProtobuf(start, { op: "lengthen", field, length }, genuine);
  }
  return made.mutations.reduce((bytes, change) => {
    const next =
      "field" in change ? mutateProtobuf(bytes, change, genuine) : mutateBytes(bytes, change, genuine);
    return next.length <= MAX_BYTES ? next : bytes;
  }, start);
}
