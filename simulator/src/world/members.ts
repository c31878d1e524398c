import type { Person } from "./person.js";
import type { World } from "./world.js";

/** People whose process runs and who believe that they are in the group. */
export function activeMembers(world: World): Person[] {
  return world.people.filter((person) => person.isAwake && isMember(person));
}

/** Whether a person believes that it is in the group. */
export function isMember({ diary }: Person): boolean {
  return diary.memberSinceMs !== undefined;
}
