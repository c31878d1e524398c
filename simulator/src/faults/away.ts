import type { SeededRandom } from "@demls/testkit";
import { beginOutage, endCuts } from "./cut.js";
import type { Fault } from "./fault.js";

const MINUTE_MS = 60_000;

/** Members lose the network for five minutes to days. */
export const away: Fault = (world, random, forMs) => {
  const outages = random.integer(1, 3);
  for (let i = 1; i <= outages; i++) {
    const own = random.fork(i);
    world.occur(`absence-${i}`, own.integer(0, forMs), () =>
      beginOutage(world, own, durationMs(own, 5 * MINUTE_MS, forMs)),
    );
  }
  return () => endCuts(world);
};

/** Each order of magnitude is equally likely. */
function durationMs(random: SeededRandom, minMs: number, maxMs: number): number {
  return Math.round(minMs * (maxMs / minMs) ** (random.integer(0, 1_000) / 1_000));
}
