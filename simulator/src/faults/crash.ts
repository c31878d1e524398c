import type { DeathMoment, SeededRandom } from "@demls/testkit";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import type { Fault } from "./fault.js";

/** Members' processes die at writes to the storage and start again within a minute. */
export const crash: Fault = (world, random, forMs) => {
  const crashes = random.integer(1, 1 + world.people.length);
  const moments = new Map<Person, DeathMoment>();
  for (let i = 1; i <= crashes; i++) {
    const own = random.fork(i);
    world.occur(`crash-${i}`, own.integer(0, forMs), () => {
      const person = own.pick(world.people);
      const moment = own.pick(["before", "after", "lost"] as const);
      world.note(person.name, () => `will die at a write: ${moment}`);
      moments.set(person, moment);
      person.armDeath(own.integer(1, 8), moment);
    });
  }
  world.onDeath((person) => {
    if (moments.get(person) === "lost") person.hasLostBatch = true;
  });
  return startDeadAgain(world, random);
};

/** Lets processes that have died start again within a minute. @returns the function after which none dies any more. */
export function startDeadAgain(world: World, random: SeededRandom): () => void {
  let isOver = false;
  world.onDeath((person) => {
    world.count("crashes");
    world.after(isOver ? 0 : random.integer(0, 60_000), () => restart(person));
  });

  function restart(person: Person): void {
    if (!person.isDown) return;
    world.command(person, "starts again", () => person.start());
  }

  return () => {
    isOver = true;
    for (const person of world.people) {
      person.disarmDeath();
      restart(person);
    }
  };
}
