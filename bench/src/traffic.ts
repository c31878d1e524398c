import { grownGarden, type Garden } from "./garden.js";
import type { Measurement, Scenario } from "./measurement.js";

const HOUR_MS = 3_600_000;
/** Time in which the reports of a new epoch end. */
const REST_MS = 1_800_000;
const COMMITS = 6;

/** Members, with the kilobytes that each of them may receive in an hour with six commits. */
const SIZES: readonly (readonly [members: number, atMost: number])[] = [
  [5, 48],
  [50, 105],
  [200, 295],
];
const QUIET_AT_MOST = 5.6;

/**
 * Bytes that repair a conversation, for each member and hour: nothing else in the hour, and with six additions.
 */
export const traffic: Scenario = {
  name: "traffic",
  async run({ mostMembers }) {
    const measurements: Measurement[] = [];
    for (const [size, atMost] of SIZES.filter(([members]) => members <= mostMembers)) {
      const garden = await grownGarden(size, { isFounders: true });
      await garden.pass(REST_MS);
      measurements.push({
        ...{ name: `repair of a quiet hour at ${size}`, unit: "kB", aim: { atMost: QUIET_AT_MOST } },
        ours: await receivedIn(garden, () => garden.pass(HOUR_MS)),
      });
      measurements.push({
        ...{ name: `repair of an hour with ${COMMITS} commits at ${size}`, unit: "kB", aim: { atMost } },
        ours: await receivedIn(garden, () => busyHour(garden)),
      });
      await garden.close();
    }
    return measurements;
  },
};

async function busyHour(garden: Garden): Promise<void> {
  for (let commit = 0; commit < COMMITS; commit++) {
    await garden.admit(await garden.stranger());
    await garden.pass(HOUR_MS / COMMITS);
  }
}

/** Kilobytes that each member receives meanwhile. */
async function receivedIn(garden: Garden, act: () => Promise<void>): Promise<number> {
  const before = garden.repairBytes;
  await act();
  return (garden.repairBytes - before) / garden.gardeners.length / 1_000;
}
