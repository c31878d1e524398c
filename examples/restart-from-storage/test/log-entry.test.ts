import { putRecord } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { encodeEntry, readEntries } from "../src/log-entry.js";

const BATCHES = [1, 2, 3].map((number) => [
  putRecord("notes", `note ${number}`, new Uint8Array(number * 7).fill(number)),
]);
const ENTRIES = BATCHES.map(encodeEntry);
const LOG = Buffer.concat(ENTRIES);
/** End offset of each entry. */
const ENDS = ENTRIES.map((_, index) => Buffer.concat(ENTRIES.slice(0, index + 1)).length);

const positions = Array.from(LOG.keys());

describe("A log of batches", () => {
  test("is read as written, with subarrays and any text", () => {
    const part = new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2);
    const batch = [putRecord("gärten/🌱", "", part), { kind: "delete", namespace: "", key: "a" } as const];
    const { batches } = readEntries(Buffer.concat([LOG, encodeEntry(batch)])) ?? {};
    expect(batches?.slice(0, 3)).toEqual(BATCHES);
    expect(batches?.[3]).toMatchObject([{ value: Uint8Array.of(2, 3) }, batch[1]]);
  });

  test("truncated at any byte has the complete batches, and reports their end", () => {
    for (const cut of [...positions, LOG.length]) {
      const whole = ENDS.filter((end) => end <= cut).length;
      const expected = { batches: BATCHES.slice(0, whole), length: ENDS[whole - 1] ?? 0 };
      expect(readEntries(LOG.subarray(0, cut)), `cut at ${cut}`).toEqual(expected);
    }
  });

  test("extended by zeros has the batches before them", () => {
    for (const zeros of [1, 7, 8, 100])
      expect(readEntries(Buffer.concat([LOG, Buffer.alloc(zeros)]))?.batches).toEqual(BATCHES);
  });

  test("with a last entry of zeros from any byte on has the batches before it", () => {
    for (const position of positions.slice(ENDS[1])) {
      const torn = Buffer.from(LOG).fill(0, position);
      expect(readEntries(torn), `from ${position}`).toEqual({
        batches: BATCHES.slice(0, 2),
        length: ENDS[1],
      });
    }
  });

  test("with a zeroed header and more data behind it is damaged", () => {
    const hole = Buffer.from(LOG).fill(0, ENDS[1], ENDS[1]! + 8);
    expect(readEntries(hole)).toBeUndefined();
  });

  test("with an incomplete last entry of full length has the batches before it", () => {
    for (const position of positions.slice(ENDS[1]! + 8)) {
      const torn = Buffer.from(LOG);
      torn[position]! ^= 1;
      expect(readEntries(torn), `at ${position}`).toEqual({ batches: BATCHES.slice(0, 2), length: ENDS[1] });
    }
  });

  test("with one changed bit in an earlier entry is damaged", () => {
    for (const position of positions.slice(0, ENDS[1])) {
      const damaged = Buffer.from(LOG);
      damaged[position]! ^= 1;
      expect(readEntries(damaged), `at ${position}`).toBeUndefined();
    }
  });
});
