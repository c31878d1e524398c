import { expect } from "vitest";

/**
 * Compares bytes and identical values at once, with the result of vitest's own comparison: that one visits every byte, and
 * everything that both sides share.
 */
function equalAtOnce(a: unknown, b: unknown): boolean | undefined {
  if (Object.is(a, b)) return true;
  if (!isBytes(a) || !isBytes(b)) return undefined;
  return Buffer.compare(a, b) === 0;
}

/** Whether a value is a plain `Uint8Array`, not one of a subclass such as `Buffer`. */
function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.constructor === Uint8Array;
}

// Files of one process share `expect`, and each runs this module.
const marks = globalThis as { [mark: symbol]: boolean };
const ADDED = Symbol.for("demls.equality");
if (marks[ADDED] !== true) expect.addEqualityTesters([equalAtOnce]);
marks[ADDED] = true;
