import { expect } from "vitest";
import type { FaultKind } from "../src/faults/index.js";
import { live, type LifeOptions, type LifeReport } from "../src/life/life.js";

/** Plays a life of a small group. */
export function liveSmall(options: Partial<LifeOptions> = {}): Promise<LifeReport> {
  return live({ seed: 1, faults: "none", loss: 0.02, size: { min: 3, max: 4 }, ...options });
}

/** Plays lives of small groups with the seeds `first` to `last`, and fails unless they end whole and keep every invariant. */
export async function expectWhole(faults: FaultKind, first: number, last: number): Promise<void> {
  for (let seed = first; seed <= last; seed++) {
    const { findings, violations } = await live({ seed, faults, loss: 0.05, size: { min: 2, max: 3 } });
    expect({ seed, findings, violations }).toEqual({ seed, findings: [], violations: [] });
  }
}
