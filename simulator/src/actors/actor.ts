import type { SeededRandom } from "@demls/testkit";
import type { World } from "../world/world.js";

/** Bounds of a group's size. */
export interface GroupSize {
  readonly min: number;
  readonly max: number;
}

/** A part that people play from now until `forMs` later, through the public API. */
export type Actor = (world: World, random: SeededRandom, forMs: number, size: GroupSize) => void;
