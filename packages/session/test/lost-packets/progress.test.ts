import type { GenerationRange } from "@demls/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasPacket, lacks, rangesOf, without, type Progress } from "../../src/lost-packets/progress.js";

const MEMBERS = 3;
const GENERATIONS = 12;

const arbitraryRange: fc.Arbitrary<GenerationRange> = fc.record({
  position: fc.nat(MEMBERS - 1),
  from: fc.nat(GENERATIONS),
  count: fc.integer({ min: 1, max: GENERATIONS }),
});
const arbitraryRanges = fc.array(arbitraryRange, { maxLength: 5 });

const arbitraryProgress: fc.Arbitrary<Progress> = fc.record({
  next: fc.array(fc.nat(GENERATIONS), { minLength: MEMBERS, maxLength: MEMBERS }),
  missing: arbitraryRanges,
  candidates: fc.subarray(["a", "b", "c"]),
  chosen: fc.uniqueArray(
    fc.record({ commit: fc.constantFrom("d", "e"), positions: fc.subarray([0, 1, 2]) }),
    { selector: ({ commit }) => commit },
  ),
});

/** Each generation of a list of ranges as text, in a set. */
function placesIn(ranges: readonly GenerationRange[]): ReadonlySet<string> {
  return new Set(
    ranges.flatMap(({ position, from, count }) =>
      Array.from({ length: count }, (_, i) => `${position}/${from + i}`),
    ),
  );
}

/** The places of all messages that a member with `progress` has. */
function messagesOf({ next, missing }: Progress): ReadonlySet<string> {
  const sent = next.map((count, position) => ({ position, from: 0, count }));
  const holes = placesIn(missing);
  return new Set([...placesIn(sent)].filter((place) => !holes.has(place)));
}

/** Whether a member with `other` has a choice that one with `own` lacks. */
function hasChoice(own: Progress, other: Progress): boolean {
  const places = ({ chosen }: Progress): readonly string[] =>
    chosen.flatMap(({ commit, positions }) => positions.map((position) => `${commit}/${position}`));
  return places(other).some((place) => !places(own).includes(place));
}

describe("without", () => {
  test("removes exactly the generations of the other ranges", () => {
    fc.assert(
      fc.property(arbitraryRanges, arbitraryRanges, (ranges, holes) => {
        const removed = placesIn(holes);
        const expected = [...placesIn(ranges)].filter((place) => !removed.has(place));
        expect([...placesIn(without(ranges, holes))].sort()).toEqual(expected.sort());
      }),
    );
  });

  test("returns no empty range", () => {
    fc.assert(
      fc.property(arbitraryRanges, arbitraryRanges, (ranges, holes) => {
        expect(without(ranges, holes).every(({ count }) => count > 0)).toBe(true);
      }),
    );
  });

  test("splits a range around a hole in its middle", () => {
    expect(without([{ position: 1, from: 0, count: 10 }], [{ position: 1, from: 3, count: 2 }])).toEqual([
      { position: 1, from: 0, count: 3 },
      { position: 1, from: 5, count: 5 },
    ]);
  });
});

describe("hasPacket", () => {
  test("is true for exactly the messages below next that are not missing", () => {
    fc.assert(
      fc.property(arbitraryProgress, (progress) => {
        const messages = messagesOf(progress);
        for (let position = 0; position < MEMBERS; position++)
          for (let generation = 0; generation < 2 * GENERATIONS; generation++)
            expect(hasPacket(progress, { kind: "message", position, generation })).toBe(
              messages.has(`${position}/${generation}`),
            );
      }),
    );
  });

  test("is true for exactly the listed candidates", () => {
    const progress: Progress = { next: [], missing: [], candidates: ["a"], chosen: [] };
    expect(hasPacket(progress, { kind: "candidate", id: "a" })).toBe(true);
    expect(hasPacket(progress, { kind: "candidate", id: "b" })).toBe(false);
  });

  test("is true for exactly the listed choices, by the id of their commit", () => {
    const chosen = [{ commit: "ab", positions: [0, 2] }];
    const progress: Progress = { next: [], missing: [], candidates: [], chosen };
    const has = (commit: string, position: number): boolean =>
      hasPacket(progress, { kind: "choice", commit, position, silent: undefined });
    expect([has("abcd", 0), has("abcd", 2)]).toEqual([true, true]);
    expect([has("abcd", 1), has("cdab", 0)]).toEqual([false, false]);
  });

  test("is false for a position outside the roster", () => {
    const progress: Progress = { next: [5], missing: [], candidates: [], chosen: [] };
    expect(hasPacket(progress, { kind: "message", position: 1, generation: 0 })).toBe(false);
  });
});

describe("lacks", () => {
  test("is false between a member and itself", () => {
    fc.assert(
      fc.property(arbitraryProgress, (progress) => {
        expect(lacks(progress, progress, [])).toBe(false);
      }),
    );
  });

  test("is true whenever the other has a packet that this member lacks", () => {
    fc.assert(
      fc.property(arbitraryProgress, arbitraryProgress, (own, other) => {
        const mine = messagesOf(own);
        const isAhead = [...messagesOf(other)].some((place) => !mine.has(place));
        const hasCandidate = other.candidates.some((id) => !own.candidates.includes(id));
        if (isAhead || hasCandidate || hasChoice(own, other)) expect(lacks(own, other, [])).toBe(true);
      }),
    );
  });

  test("is false if this member has every packet of the other and is not behind it", () => {
    fc.assert(
      fc.property(arbitraryProgress, arbitraryProgress, (own, other) => {
        const mine = messagesOf(own);
        const isAhead = [...messagesOf(other)].some((place) => !mine.has(place));
        const hasCandidate = other.candidates.some((id) => !own.candidates.includes(id));
        const isBehind = other.next.some((next, position) => next > (own.next[position] ?? 0));
        if (!isAhead && !hasCandidate && !hasChoice(own, other) && !isBehind)
          expect(lacks(own, other, [])).toBe(false);
      }),
    );
  });

  test("is false for missing generations that carry no packet", () => {
    const own: Progress = {
      next: [5],
      missing: [{ position: 0, from: 2, count: 2 }],
      candidates: [],
      chosen: [],
    };
    const other: Progress = { next: [5], missing: [], candidates: [], chosen: [] };
    expect(lacks(own, other, [])).toBe(true);
    expect(lacks(own, other, [{ position: 0, from: 2, count: 2 }])).toBe(false);
    expect(lacks(own, other, [{ position: 0, from: 2, count: 1 }])).toBe(true);
  });
});

describe("rangesOf", () => {
  test("contains exactly the given generations, in as few ranges as possible", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), (given) => {
        const sorted = given.toSorted((a, b) => a - b);
        const ranges = rangesOf(2, sorted);
        expect([...placesIn(ranges)]).toEqual(sorted.map((generation) => `2/${generation}`));
        const ends = new Set(ranges.map(({ from, count }) => from + count));
        expect(ranges.some(({ from }) => ends.has(from))).toBe(false);
      }),
    );
  });
});
