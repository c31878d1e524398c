import type { SeededRandom } from "@demls/testkit";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import { isMember } from "./actor.js";

/** Times that an application asks to join before it gives up. */
const ATTEMPTS = 5;

const RETRY_MS = { min: 5_000, max: 60_000 };

/** Applications of people who want to join: they ask again when a join expires. */
export interface Joiners {
  join(person: Person): void;
  isJoining(person: Person): boolean;
}

export function createJoiners(world: World, random: SeededRandom): Joiners {
  /** Attempts left, of those who want to join. */
  const attempts = new Map<Person, number>();

  function ask(person: Person): void {
    const left = attempts.get(person);
    if (left === undefined || person.conversation !== undefined) return;
    if (!person.isAwake) return later(person);
    if (left === 0) {
      attempts.delete(person);
      return;
    }
    attempts.set(person, left - 1);
    world.command(person, "asks to join", () => person.join());
    // Its process may die before the request is stored.
    later(person);
  }

  function later(person: Person): void {
    world.after(random.integer(RETRY_MS.min, RETRY_MS.max), () => ask(person));
  }

  world.onEvent((person, event) => {
    if (event.kind === "joined") attempts.delete(person);
    if (event.kind === "leaving" && attempts.has(person)) later(person);
  });

  return {
    join(person) {
      if (isMember(person)) return;
      attempts.set(person, ATTEMPTS);
      ask(person);
    },
    isJoining: (person) => attempts.has(person),
  };
}
