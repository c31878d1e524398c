import { describe, expect, test } from "vitest";

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe("Equality in tests, with our comparison of bytes", () => {
  test("finds a different byte and a different length, at any depth", () => {
    expect({ list: [bytes(1, 2)] }).toEqual({ list: [bytes(1, 2)] });
    expect({ list: [bytes(1, 2)] }).not.toEqual({ list: [bytes(1, 3)] });
    expect(new Map([["key", bytes(1, 2)]])).not.toEqual(new Map([["key", bytes(1, 2, 0)]]));
    expect([bytes(1)]).toMatchObject([bytes(1)]);
    expect([bytes(1)]).not.toMatchObject([bytes(2)]);
  });

  test("tells bytes from a Buffer and from other values, as vitest does", () => {
    expect(bytes(1)).not.toEqual(Buffer.of(1));
    expect(bytes(1)).not.toEqual([1]);
    expect(bytes(1)).not.toEqual(Uint16Array.of(1));
    expect(bytes()).not.toEqual(undefined);
  });

  test("leaves asymmetric matchers and signed zeros to vitest", () => {
    expect(bytes(1)).toEqual(expect.any(Uint8Array));
    expect({ value: 0 }).not.toEqual({ value: -0 });
  });
});
