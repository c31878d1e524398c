import { expect, test } from "vitest";
import { isFullCount } from "../../../hostile/runs.js";
import { FAULT_KINDS, type FaultKind } from "../../src/faults/index.js";
import { live } from "../../src/life/life.js";

/** Lives of each kind of faults in `npm test`, and in all. */
const LIVES: Readonly<Record<FaultKind, readonly [quick: number, full: number]>> = {
  none: [5, 10],
  loss: [10, 10],
  cut: [10, 10],
  crash: [10, 10],
  sleep: [8, 10],
  skew: [7, 9],
  all: [7, 7],
  away: [1, 3],
  hostile: [2, 3],
};

for (const faults of FAULT_KINDS) {
  const [quick, full] = LIVES[faults];
  const lives = isFullCount ? full : quick;
  const name = `The first ${lives} lives of small groups under the fault ${faults} end whole, and keep every invariant`;
  test(name, { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= lives; seed++) {
      const { findings, violations } = await live({ seed, faults, loss: 0.05, size: { min: 2, max: 3 } });
      expect({ seed, findings, violations }).toEqual({ seed, findings: [], violations: [] });
    }
  });
}
