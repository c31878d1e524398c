import type { Active, ConversationState } from "../../src/step/index.js";

/** Weights of shared parts, which are independent of their position. */
const known = new WeakMap<object, number>();

/** Approximate memory of a state: bytes, characters, and a constant for other values; without its groups. */
export function weightOfState(state: ConversationState): number {
  const { group: _, commit, ...rest } = state as Partial<Active>;
  if (commit === undefined) return weightOf(rest);
  const { candidates, ...others } = commit;
  return weightOf(rest) + weightOf(others) + candidates.size;
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
