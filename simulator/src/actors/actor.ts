import type { SeededRandom } from "@demls/testkit";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";

/** Bounds of a group's size. */
export interface GroupSize {
  readonly min: number;
  readonly max: number;
}

/** A part that people play from now until `forMs` later, through the public API. */
export type Actor = (world: World, random: SeededRandom, forMs: number, size: GroupSize) => void;

/** People whose process runs and who believe that they are in the group. */
export function activeMembers(world: World): Person[] {
  return world.people.filter((person) => person.isAwake && isMember(person));
}

/** Whether a person believes that it is in the group. */
export function isMember({ diary }: Person): boolean {
  return diary.memberSinceMs !== undefined;
}
