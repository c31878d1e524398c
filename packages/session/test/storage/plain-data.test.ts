import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRecord, encodeRecord } from "../../src/storage/plain-data.js";

const plainData = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.bigInt(),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array(),
    fc.array(tie("value")),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { noNullPrototype: true },
    ),
    fc.array(fc.tuple(tie("value"), tie("value"))).map((entries) => new Map(entries)),
    fc.array(tie("value")).map((members) => new Set(members)),
  ),
})).value;

describe("Plain data", () => {
  test("decodes to the encoded value", () => {
    fc.assert(
      fc.property(plainData, (value) => {
        expect(decodeRecord(encodeRecord(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a small bigint", 7n],
    ["a bigint beyond 64 bits", -(2n ** 80n)],
    ["a map of sets", new Map([["a", new Set([1n, 2n])]])],
    ["a map with other keys than text", new Map([[1, "one"]])],
    ["bytes", Uint8Array.of(0, 255)],
    ["nothing", null],
  ])("keeps the type of %s", (_what, value) => {
    expect(decodeRecord(encodeRecord({ value }))).toStrictEqual({ value });
  });

  test("omits only undefined properties", () => {
    expect(decodeRecord(encodeRecord({ a: undefined, b: 1, c: null }))).toStrictEqual({ b: 1, c: null });
  });

  test("keeps the order of maps, sets and arrays", () => {
    const value = {
      map: new Map([
        ["z", 1],
        ["a", 2],
      ]),
      set: new Set(["z", "a"]),
      list: [3, 1, 2],
    };
    const back = decodeRecord(encodeRecord(value)) as typeof value;
    expect([[...back.map.keys()], [...back.set], back.list]).toEqual([
      ["z", "a"],
      ["z", "a"],
      [3, 1, 2],
    ]);
  });

  test("cannot be decoded from a record of another version, or from a truncated one", () => {
    const record = encodeRecord({ text: "hello" });
    expect(() => decodeRecord(Uint8Array.of(2, ...record.subarray(1)))).toThrow("another version");
    expect(() => decodeRecord(record.subarray(0, -1))).toThrow();
    expect(() => decodeRecord(new Uint8Array())).toThrow();
  });
});
