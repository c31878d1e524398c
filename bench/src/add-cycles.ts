import { cpuMs } from "./cpu-time.js";
import { grownGarden } from "./garden.js";
import type { Aim, Measurement, Scenario } from "./measurement.js";

/** Members before the one that is added. */
const SIZES = [2, 10, 50, 100];

const AIMS: Readonly<Record<number, Aim>> = { 10: { timesRust: 6 }, 50: { timesRust: 5 } };

/**
 * A newcomer announces itself, all members vote, a steward commits, all others verify and adopt, the newcomer
 * joins: the CPU time of all of them together.
 */
export const addCycles: Scenario = {
  name: "add-cycles",
  async run({ mostMembers, cycles }) {
    const measurements: Measurement[] = [];
    for (const size of SIZES.filter((members) => members <= mostMembers)) {
      let best = Infinity;
      // A hundred members need minutes to come together.
      for (let cycle = 0; cycle < (size > 50 ? 1 : cycles); cycle++)
        best = Math.min(best, await cycleMs(size));
      const aim = AIMS[size];
      measurements.push({ name: `add cycle at ${size}`, unit: "ms", ours: best, ...(aim && { aim }) });
    }
    return measurements;
  },
};

async function cycleMs(size: number): Promise<number> {
  const garden = await grownGarden(size);
  try {
    const newcomer = await garden.stranger();
    const before = cpuMs();
    const deliveredBefore = garden.deliveries;
    await garden.admit(newcomer);
    const ms = cpuMs() - before;
    process.stderr.write(`add cycle at ${size}: ${garden.deliveries - deliveredBefore} deliveries\n`);
    return ms;
  } finally {
    await garden.close();
  }
}
