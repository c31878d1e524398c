import fc from "fast-check";
import { byteMutation, mutateBytes, type ByteMutation } from "./byte-mutation.js";
import { mutateProtobuf, protobufMutation, type ProtobufMutation } from "./protobuf-mutation.js";

export type Mutation = ByteMutation | ProtobufMutation;

/** How a packet is made: of noise, or of a genuine one by changes to it, one after the other. */
export type Recipe =
  | { readonly kind: "noise"; readonly bytes: Uint8Array }
  | { readonly kind: "mutated"; readonly genuine: number; readonly mutations: readonly Mutation[] };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(byteMutation, { arbitrary: protobufMutation, weight: 3 });

/** One in ten is noise; one in some is genuine as it is, which is hostile where it does not belong. */
export const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  fc.record({ kind: fc.constant("noise"), bytes: fc.uint8Array({ maxLength: 300 }) }),
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("mutated"),
      genuine: fc.nat(0xffff),
      mutations: fc.array(mutation, { maxLength: 2 }),
    }),
  },
);

/** Longer ones are of no interest here: what they cost is bounded by the length that decoders take. */
const MAX_BYTES = 20_000;

/** @param genuine the packets that `made` ones are made of */
export function made(made: Recipe, genuine: readonly Uint8Array[]): Uint8Array {
  if (made.kind === "noise") return made.bytes;
  const start = genuine[made.genuine % genuine.length] ?? new Uint8Array();
  return made.mutations.reduce((bytes, change) => {
    const next =
      "field" in change ? mutateProtobuf(bytes, change, genuine) : mutateBytes(bytes, change, genuine);
    return next.length <= MAX_BYTES ? next : bytes;
  }, start);
}
