import { expect } from "vitest";

/** The seed by which all hostile input is drawn: the same packets in every run. */
const SEED = 0x5eed;

/** How many times as many packets are tried as by default. */
const factor = Number(process.env["DEMLS_FUZZ_RUNS"] ?? 1);
if (!(factor > 0)) throw new Error("DEMLS_FUZZ_RUNS is a factor above 0, such as 100.");

/**
 * Settings of a property that tries `count` packets, or `DEMLS_FUZZ_RUNS` times as many. `DEMLS_FUZZ_SEED` is a whole
 * number that draws others.
 */
export function trying(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil(count * factor), seed: Number(process.env["DEMLS_FUZZ_SEED"] ?? SEED) };
}

/** How many packets were tried at each of several places. */
export interface Tries {
  note(place: string): void;
  /** Fails unless each of these places, and no other, was tried that often, and all together `inAll` times. */
  expectAtLeast(each: Readonly<Record<string, number>>, inAll: number): void;
}

/** Counts packets, so that no test can try fewer without a word. */
export function createTries(): Tries {
  const tries = new Map<string, number>();
  return {
    note: (place) => void tries.set(place, (tries.get(place) ?? 0) + 1),
    expectAtLeast(each, inAll) {
      expect([...tries.keys()].sort()).toEqual(Object.keys(each).sort());
      // A smaller factor is for a quick look; it proves nothing, and says so.
      const missing = Object.entries(each).filter(([place, least]) => (tries.get(place) ?? 0) < least);
      expect(Object.fromEntries(missing.map(([place]) => [place, tries.get(place)]))).toEqual({});
      expect([...tries.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(inAll);
    },
  };
}
