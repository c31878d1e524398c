import { expect, test } from "vitest";
import { isFullCount } from "../../../hostile/runs.js";
import { live } from "../../src/life/life.js";

const LIVES = isFullCount ? 20 : 4;

test(`${LIVES} lives without faults end whole, and keep every invariant`, { timeout: 300_000 }, async () => {
  for (let seed = 1; seed <= LIVES; seed++) {
    const { findings, violations } = await live({
      ...{ seed, faults: "none", loss: 0 },
      size: { min: 2, max: 8 },
    });
    expect({ seed, findings, violations }).toEqual({ seed, findings: [], violations: [] });
  }
});
