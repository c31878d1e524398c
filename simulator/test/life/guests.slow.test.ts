import { expect, test } from "vitest";
import { liveSmall } from "../lives.js";

test.each([
  ["joins", ["guests in", "guests out-of-time", "guests died", "guests given up"]],
  ["intruders", ["guests in", "intruders invites", "intruders counterfeits"]],
] as const)(
  "two lives keep every invariant under the fault %s, whole or not",
  { timeout: 600_000 },
  async (faults, happened) => {
    const counts = new Set<string>();
    for (const seed of [1, 3]) {
      const report = await liveSmall({ faults, seed });
      expect({ seed, violations: report.violations }).toEqual({ seed, violations: [] });
      for (const name of Object.keys(report.counts)) counts.add(name);
    }
    for (const name of happened) expect(counts).toContain(name);
  },
);
