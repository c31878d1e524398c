import { expect, test } from "vitest";
import { runs } from "../../../hostile/runs.js";
import { live } from "../../src/life/life.js";
import { FAULT_KINDS } from "../../src/faults/index.js";

const SIZE = { min: 2, max: 8 };

test(
  `${runs(60)} lives without faults end whole, and keep every invariant`,
  { timeout: 300_000 },
  async () => {
    for (let seed = 1; seed <= runs(60); seed++) {
      const { findings, violations } = await live({ seed, faults: "none", loss: 0, size: SIZE });
      expect({ seed, findings, violations }).toEqual({ seed, findings: [], violations: [] });
    }
  },
);

test.each(FAULT_KINDS)(
  `lives keep every invariant under the fault %s, whole or not`,
  { timeout: 300_000 },
  async (faults) => {
    for (let seed = 1; seed <= runs(10); seed++) {
      const { violations } = await live({ seed, faults, loss: 0.02, size: SIZE });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
  },
);
