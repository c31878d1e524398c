import { expect } from "vitest";

// A check of one packet takes less time than `expect`, which these call only to fail.

/** Expects an empty list. */
export function expectNone(list: readonly unknown[]): void {
  if (list.length > 0) expect(list).toEqual([]);
}

export function expectAtMost(amount: number, most: number): void {
  if (!(amount <= most)) expect(amount).toBeLessThanOrEqual(most);
}

export function expectSame(value: unknown, expected: unknown): void {
  if (!Object.is(value, expected)) expect(value).toBe(expected);
}

export function expectSameBytes(bytes: Uint8Array | undefined, expected: Uint8Array): void {
  if (bytes === undefined || Buffer.compare(bytes, expected) !== 0) expect(bytes).toEqual(expected);
}
