import { createDeterministicStewardList, defaultStewardListConfig } from "@demls/steward";
import { createSeededRandom } from "@demls/testkit";
import { memberIdFromBytes } from "@demls/wire/core";
import { cpuTimes, type Task } from "./cpu-time.js";
import type { Measurement, Scenario } from "./measurement.js";

const stewards = createDeterministicStewardList();

const SIZES = [100, 1_000, 10_000];

/** Derivation of a list with every candidate as a steward. */
export const stewardLists: Scenario = {
  name: "stewards",
  async run(effort) {
    const measurements: Measurement[] = [];
    for (const size of SIZES) {
      const { derived } = await cpuTimes({ derived: deriving(size) }, effort);
      const name = `steward list of ${size.toLocaleString("en")}`;
      measurements.push({ name, unit: "ms", ours: derived, ...(size === 10_000 && { aim: { atMost: 20 } }) });
    }
    return measurements;
  },
};

function deriving(size: number): Task {
  const random = createSeededRandom("stewards");
  const candidates = Array.from({ length: size }, () => memberIdFromBytes(random.bytes(20)));
  const config = { ...defaultStewardListConfig, snMax: size };
  const empty = stewards.create("garden", config, 3);
  return () => stewards.installList(empty, 0n, candidates, size, 0);
}
