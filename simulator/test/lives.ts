import { live, type LifeOptions, type LifeReport } from "../src/life/life.js";

/** Plays a life of a small group. */
export function liveSmall(options: Partial<LifeOptions> = {}): Promise<LifeReport> {
  return live({ seed: 1, faults: "none", loss: 0.02, size: { min: 3, max: 4 }, ...options });
}
