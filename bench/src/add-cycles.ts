import { ethereumVerifier, type VoteVerifier } from "@demls/consensus";
import { cpuMs } from "./cpu-time.js";
import { grownGarden } from "./garden.js";
import type { Aim, Measurement, Scenario } from "./measurement.js";
import { wasmVerifier } from "./wasm-verifier.js";

/** Members before the addition. */
const SIZES = [2, 10, 50, 100];

const AIMS: Readonly<Record<number, Aim>> = { 10: { timesRust: 6 }, 50: { timesRust: 5 } };

/**
 * CPU time of an add cycle, summed over all members: announcement, votes, commit, verification, merge and join.
 */
export const addCycles: Scenario = {
  name: "add-cycles",
  async run({ mostMembers, cycles }) {
    const measurements: Measurement[] = [];
    for (const size of SIZES.filter((members) => members <= mostMembers)) {
      const name = `add cycle at ${size}`;
      // Building a group of a hundred members takes minutes.
      const rounds = size > 50 ? 1 : cycles;
      const aim = AIMS[size];
      const line = { rustName: name, unit: "ms", ...(aim && { aim }) } as const;
      measurements.push(
        { ...line, name, ours: await bestCycleMs(rounds, size, ethereumVerifier) },
        { ...line, name: `${name}, WASM verifier`, ours: await bestCycleMs(rounds, size, wasmVerifier) },
      );
    }
    return measurements;
  },
};

async function bestCycleMs(rounds: number, size: number, verifier: VoteVerifier): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) best = Math.min(best, await cycleMs(size, verifier));
  return best;
}

async function cycleMs(size: number, verifier: VoteVerifier): Promise<number> {
  const garden = await grownGarden(size, { verifier });
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
