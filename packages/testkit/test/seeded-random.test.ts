import { bytesToHex } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createSeededRandom } from "../src/index.js";

describe("seeded randomness", () => {
  it("is the same on every machine for the same seed", () => {
    expect(bytesToHex(createSeededRandom("tea").bytes(16))).toBe("b5dcdc2128bb2f8e79cc86370a8189cc");
    expect(createSeededRandom(7).bytes(8)).toEqual(createSeededRandom("7").bytes(8));
  });

  it("differs for seeds that differ in one character", () => {
    const streams = ["", "a", "b", "aa", "ab", "ba", "0", "1", "10"].map((seed) =>
      bytesToHex(createSeededRandom(seed).bytes(16)),
    );
    expect(new Set(streams).size).toBe(streams.length);
  });

  it("continues its stream across draws of any size", () => {
    const whole = createSeededRandom("cut").bytes(12);
    const random = createSeededRandom("cut");
    expect([...random.bytes(5), ...random.bytes(0), ...random.bytes(7)]).toEqual([...whole]);
  });

  it("spreads bytes evenly", () => {
    const counts = new Array<number>(256).fill(0);
    for (const byte of createSeededRandom("even").bytes(256 * 400)) counts[byte] = (counts[byte] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(300);
    expect(Math.max(...counts)).toBeLessThan(500);
  });

  it("draws integers within both ends, and both ends", () => {
    fc.assert(
      fc.property(fc.string(), fc.maxSafeInteger(), fc.nat(), (seed, min, size) => {
        const max = Math.min(min + size, Number.MAX_SAFE_INTEGER);
        const drawn = createSeededRandom(seed).integer(min, max);
        expect(Number.isSafeInteger(drawn) && drawn >= min && drawn <= max).toBe(true);
      }),
    );
    const random = createSeededRandom("dice");
    const thrown = new Set(Array.from({ length: 200 }, () => random.integer(1, 6)));
    expect([...thrown].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    [2, 1],
    [0.5, 1],
    [0, Number.NaN],
    [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])("rejects the range %s to %s", (min, max) => {
    expect(() => createSeededRandom("range").integer(min, max)).toThrowError(
      expect.objectContaining({ code: "invalid-range", field: "max" }),
    );
  });

  it("draws from the widest range", () => {
    expect(createSeededRandom("wide").integer(0, Number.MAX_SAFE_INTEGER)).toBeGreaterThan(2 ** 32);
  });

  it("picks every element eventually, and rejects an empty list", () => {
    const random = createSeededRandom("pick");
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(["a", "b", "c"])));
    expect([...picked].sort()).toEqual(["a", "b", "c"]);
    expect(() => random.pick([])).toThrowError(expect.objectContaining({ code: "empty-list" }));
  });

  it("shuffles into a new list of the same elements", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer()), (seed, list) => {
        const before = [...list];
        const shuffled = createSeededRandom(seed).shuffle(list);
        expect(list).toEqual(before);
        expect([...shuffled].sort()).toEqual([...list].sort());
      }),
    );
  });

  it("shuffles into every order", () => {
    const random = createSeededRandom("orders");
    const orders = new Set(Array.from({ length: 200 }, () => random.shuffle(["a", "b", "c"]).join("")));
    expect(orders.size).toBe(6);
  });

  it("forks by label, independently of earlier draws", () => {
    const fresh = createSeededRandom("root").fork("alice").bytes(8);
    const used = createSeededRandom("root");
    used.bytes(100);
    used.fork("bob").bytes(3);
    expect(used.fork("alice").bytes(8)).toEqual(fresh);
    expect(used.fork("bob").bytes(8)).not.toEqual(fresh);
    expect(createSeededRandom("root").bytes(8)).not.toEqual(fresh);
  });
});
