import type { SeededRandom } from "@demls/testkit";
import type { World } from "../world/world.js";

/** Settings of the faults. */
export interface FaultSettings {
  /** Share of lost packets, from 0 to 1. */
  readonly loss: number;
}

/**
 * A kind of fault: it plans its occurrences from now until `forMs` later.
 *
 * @returns a function that ends everything that still goes on.
 */
export type Fault = (
  world: World,
  random: SeededRandom,
  forMs: number,
  settings: FaultSettings,
) => () => void;
