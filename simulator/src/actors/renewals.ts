import { activeMembers } from "../world/members.js";
import type { Actor } from "./actor.js";

/** Members renew their keys by hand, honest ones every third time their signature key too. */
export const renewals: Actor = (world, random, forMs) => {
  const count = random.integer(0, 4);
  for (let i = 1; i <= count; i++) {
    const own = random.fork(i);
    world.occur(`renewal-${i}`, own.integer(0, forMs), () => {
      const present = activeMembers(world);
      if (present.length === 0) return;
      const person = own.pick(present);
      world.count("renewals");
      const signature = person.puppet === undefined && own.integer(0, 2) === 0;
      world.command(person, "renews its keys", async () => person.conversation?.renewKeys({ signature }));
    });
  }
};
