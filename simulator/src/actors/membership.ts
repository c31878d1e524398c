import type { SeededRandom } from "@demls/testkit";
import { activeMembers, isMember } from "../world/members.js";
import type { Actor } from "./actor.js";
import { createJoiners } from "../world/joiners.js";

/** Members ban others or leave, and new and former ones join. */
export const membership: Actor = (world, random, forMs, size) => {
  const joiners = createJoiners(world, random.fork("joiners"));
  const changes = random.integer(2, 6);
  for (let i = 1; i <= changes; i++) {
    const own = random.fork(i);
    world.occur(`change-${i}`, own.integer(0, forMs), () => change(own));
  }

  function change(own: SeededRandom): void {
    const present = activeMembers(world);
    const kinds = [
      ...(present.length > size.min ? (["ban", "leave"] as const) : []),
      ...(present.length < size.max ? (["join", "join"] as const) : []),
    ];
    if (kinds.length === 0 || present.length === 0) return;
    const kind = own.pick(kinds);
    if (kind === "join") return join(own);
    const person = own.pick(present);
    world.count(`${kind}s`);
    if (kind === "leave")
      return world.command(person, "leaves", async () => person.conversation?.leave().accepted);
    const others = (person.conversation?.state.members ?? []).filter(({ id }) => id !== person.id);
    if (others.length === 0) return;
    const { id } = own.pick(others);
    const name = world.people.find((other) => other.id === id)?.name;
    world.command(person, `bans ${name}`, async () => person.conversation?.proposeRemove(id).accepted);
  }

  function join(own: SeededRandom): void {
    world.count("joins");
    const former = world.people.filter(
      (person) => person.isAwake && !isMember(person) && !joiners.isJoining(person),
    );
    if (former.length > 0 && own.integer(0, 1) === 1) joiners.join(own.pick(former));
    else void world.enter().then((person) => joiners.join(person));
  }
};
