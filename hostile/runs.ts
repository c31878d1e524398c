import { expect } from "vitest";

/** The seed by which all hostile input is drawn: the same packets in every run. */
const SEED = 0x5eed;

/**
 * The share of the full count that is tried: 1 in `npm run test:slow`, a tenth in `npm test`. `DEMLS_FUZZ_RUNS` sets
 * another, such as 100.
 */
const factor = Number(process.env["DEMLS_FUZZ_RUNS"] ?? 1);
if (!(factor > 0)) throw new Error("DEMLS_FUZZ_RUNS is a factor above 0, such as 100.");

/** Whether a run is whole, so that rare outcomes can be expected of it. */
export const isFullCount = factor >= 1;

/** The number of runs in this tier, of `count` in a full one. */
export function runs(count: number): number {
  return Math.ceil(count * factor);
}

/** Settings of a property with `count` runs in full. `DEMLS_FUZZ_SEED` is a whole number that draws other inputs. */
export function trying(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: runs(count), seed: Number(process.env["DEMLS_FUZZ_SEED"] ?? SEED) };
}

/** How many packets were tried at each of several places. */
export interface Tries {
  note(place: string): void;
  /** Fails unless each of these places, and no other, had its share of so many tries, and all together of `inAll`. */
  expectAtLeast(each: Readonly<Record<string, number>>, inAll: number): void;
}

/** Counts packets, so that no test can try fewer without a word. */
export function createTries(): Tries {
  const tries = new Map<string, number>();
  return {
    note: (place) => void tries.set(place, (tries.get(place) ?? 0) + 1),
    expectAtLeast(each, inAll) {
      expect([...tries.keys()].sort()).toEqual(Object.keys(each).sort());
      const missing = Object.entries(each).filter(
        ([place, least]) => (tries.get(place) ?? 0) < least * factor,
      );
      expect(Object.fromEntries(missing.map(([place]) => [place, tries.get(place)]))).toEqual({});
      expect([...tries.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(
        inAll * factor,
      );
    },
  };
}
