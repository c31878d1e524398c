import { expect } from "vitest";

/** Seed of all hostile input, so that every run has the same packets. */
const SEED = 0x5eed;

/**
 * Fraction of the full number of runs: 1 in `npm run test:slow`, a tenth in `npm test`. `DEMLS_FUZZ_RUNS` overrides it,
 * for example with 100.
 */
const factor = Number(process.env["DEMLS_FUZZ_RUNS"] ?? 1);
if (!(factor > 0)) throw new Error("DEMLS_FUZZ_RUNS is a factor above 0, such as 100.");

/** Whether the run is full, so that tests may expect rare outcomes. */
export const isFullCount = factor >= 1;

/** Number of runs in this tier, for `count` in a full run. */
export function runs(count: number): number {
  return Math.ceil(count * factor);
}

/** Settings of a property with `count` runs in a full run. `DEMLS_FUZZ_SEED` sets another seed. */
export function trying(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: runs(count), seed: Number(process.env["DEMLS_FUZZ_SEED"] ?? SEED) };
}

/** Counters of tried packets by place. */
export interface Tries {
  note(place: string): void;
  /** Fails unless exactly these places reached their minimum counts, and all together reached `inAll`. */
  expectAtLeast(each: Readonly<Record<string, number>>, inAll: number): void;
}

/** Creates counters, which reveal a test that tries too few packets. */
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
