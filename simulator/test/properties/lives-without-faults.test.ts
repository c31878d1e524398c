import { expect, test } from "vitest";
import { runs } from "../../../hostile/runs.js";
import { live } from "../../src/life/life.js";

test(
  `${runs(60)} lives without faults end whole, and keep every invariant`,
  { timeout: 300_000 },
  async () => {
    for (let seed = 1; seed <= runs(60); seed++) {
      const { findings, violations } = await live({
        ...{ seed, faults: "none", loss: 0 },
        size: { min: 2, max: 8 },
      });
      expect({ seed, findings, violations }).toEqual({ seed, findings: [], violations: [] });
    }
  },
);
