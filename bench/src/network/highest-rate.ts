import type { Effort } from "../effort.js";
import type { Group } from "./group.js";

const LOWEST_PER_SECOND = 50;

/** Bisection steps between the highest sustained rate and the lowest failed one. */
const HALVINGS = 3;

/** Attempts per rate, since other processes cause temporary load. One success suffices. */
const TRIES = 2;

/** Maximum latency; a higher one shows that texts queue up. */
const LATEST_MS = 1_000;

/**
 * Finds the highest rate, in texts per second, at which every text reaches every member within a second, by doubling
 * and bisection.
 */
export async function highestRate(group: Group, { rateMs, mostPerSecond }: Effort): Promise<number> {
  let borne = 0;
  let next = LOWEST_PER_SECOND;
  while (next <= mostPerSecond && (await bears(group, next, rateMs))) [borne, next] = [next, next * 2];
  if (next > mostPerSecond) return borne;
  for (let halving = 0, failed = next; halving < HALVINGS; halving++) {
    const middle = Math.round((borne + failed) / 2);
    if (await bears(group, middle, rateMs)) borne = middle;
    else failed = middle;
  }
  return borne;
}

async function bears(group: Group, perSecond: number, durationMs: number): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const count = Math.ceil((perSecond * durationMs) / 1_000);
    const { lost, behindMs, latenciesMs } = await group.exchange(count, perSecond);
    const latestMs = latenciesMs.reduce((latest, ms) => Math.max(latest, ms), behindMs);
    const what = `${group.kind}, ${group.size} members, ${perSecond} a second`;
    process.stderr.write(`${what}: ${lost} of ${count} lost, ${latestMs.toFixed(0)} ms at most\n`);
    if (lost === 0 && latestMs <= LATEST_MS) return true;
  }
  return false;
}
