import { expect, test } from "vitest";
import { FAULT_KINDS, hasGuests } from "../../src/faults/index.js";
import { live } from "../../src/life/life.js";

const SEEDS = [1, 2];

test.each(FAULT_KINDS.filter((kind) => !hasGuests(kind)))(
  "two lives keep every invariant under the fault %s, whole or not",
  { timeout: 300_000 },
  async (faults) => {
    for (const seed of SEEDS) {
      const { violations } = await live({ seed, faults, loss: 0.02, size: { min: 2, max: 8 } });
      expect({ seed, violations }).toEqual({ seed, violations: [] });
    }
  },
);
