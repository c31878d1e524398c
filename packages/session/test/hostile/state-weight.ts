import type { ConversationState } from "../../src/step/index.js";

/** Parts of states weigh the same wherever they stand, and most are shared. */
const known = new WeakMap<object, number>();

/** What a state takes in memory, about: bytes, characters, and some for everything else; its groups are left out. */
export function weightOfState({ group: _, candidates, ...rest }: ConversationState): number {
  return weightOf(rest) + candidates.size;
}

function weightOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Uint8Array) return value.byteLength;
  const before = known.get(value);
  if (before !== undefined) return before;
  const parts: Iterable<unknown> =
    value instanceof Map
      ? [...(value as Map<unknown, unknown>)].flat()
      : value instanceof Set || Array.isArray(value)
        ? (value as Iterable<unknown>)
        : Object.values(value);
  let weight = 8;
  for (const part of parts) weight += weightOf(part);
  known.set(value, weight);
  return weight;
}
