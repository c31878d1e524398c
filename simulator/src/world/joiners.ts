import type { SeededRandom } from "@demls/testkit";
import type { Person } from "./person.js";
import type { World } from "./world.js";
import { activeMembers, isMember } from "./members.js";

/** Times that an application asks to join before it gives up. */
const ATTEMPTS = 5;

/** Time between two attempts of the members to lift the ban of one that joins again: they may be cut off. */
const UNBAN_MS = 30_000;

const RETRY_MS = { min: 5_000, max: 60_000 };

/** Applications of people who want to join: they ask again when a join expires, and a member lifts their ban. */
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

  function unban(person: Person): void {
    if (!attempts.has(person)) return;
    const member = activeMembers(world).find(({ conversation }) =>
      conversation?.state.bans.some((ban) => ban.member === person.id),
    );
    if (member !== undefined)
      world.command(member, `lifts the ban of ${person.name}`, async () =>
        member.conversation?.unban(person.id),
      );
    world.after(UNBAN_MS, () => unban(person));
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
      unban(person);
    },
    isJoining: (person) => attempts.has(person),
  };
}
