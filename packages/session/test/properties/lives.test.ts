import { createSeededRandom } from "@demls/testkit";
import { expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import {
  ban,
  command,
  create,
  createWorld,
  disagreements,
  eventsOf,
  isAtRest,
  join,
  leave,
  present,
  rejoin,
  send,
  stewardsOf,
  until,
  type Member,
  type World,
} from "../harness/index.js";
import { delay, stewardFirst } from "./wishes.js";

/** Maximum delay of a packet: below every timeout between members. */
const DELAY_LIMIT_MS = 1_500;

/** The whole life of a conversation of five with real cryptography: two members leave and join again. */
async function live(seed: number): Promise<World> {
  const mode = seed % 2 === 0 ? "strict" : "de-mls-3";
  const world = createWorld({ seed: `life ${seed}`, mode, stewards: { snMin: 1 + (seed % 2), snMax: 3 } });
  delay(world, createSeededRandom(`life ${seed}`), DELAY_LIMIT_MS);
  const rest = () => until(world, () => isAtRest(world));
  await create(world, "alice");
  for (const name of ["bob", "carol", "dave", "erin"]) await join(world, name);
  await rest();
  await everyoneIsHeard(world);

  const [founder, banner, banned, leaver] = stewardFirst(world.members) as [Member, Member, Member, Member];
  await ban(world, seed % 3 === 0 ? founder : banner, banned);
  await rest();
  expect(banned.events.at(-1)).toEqual({ kind: "leaving", reason: "removed" });

  const mover = stewardsOf(founder).length > 1 ? leaver : nonSteward(world);
  await leave(world, mover);
  await rest();
  expect(mover.events.at(-1)).toEqual({ kind: "leaving", reason: "left" });

  const [unbanner] = present(world) as [Member];
  if (unbanner.state.bans.members.has(banned.id))
    await command(world, unbanner, { kind: "unban", member: banned.id });
  await rest();
  await rejoin(world, banned);
  await rejoin(world, mover);
  await rest();
  await everyoneIsHeard(world);
  return world;
}

/** Each member sends a message, which all others receive with its sender. */
async function everyoneIsHeard(world: World): Promise<void> {
  const here = present(world);
  for (const speaker of here) {
    const text = `${speaker.name} at ${world.nowMs}`;
    await send(world, speaker, text, world.nowMs);
    await until(world, () => isAtRest(world));
    for (const listener of here.filter((member) => member !== speaker))
      expect(eventsOf(listener, "message").at(-1)).toMatchObject({ sender: speaker.id, text });
  }
}

function nonSteward(world: World): Member {
  const here = present(world);
  const stewards = stewardsOf(here[0] as Member);
  return here.findLast(({ id }) => !stewards.includes(id)) as Member;
}

test.each(Array.from({ length: runs(20) }, (_, i) => i + 1))(
  "five members live through joining, chat, a ban, a leave and two returns, and end in agreement: seed %i",
  async (seed) => {
    const world = await live(seed);
    expect(present(world)).toHaveLength(5);
    expect(disagreements(present(world))).toEqual([]);
    for (const member of world.members) expect(eventsOf(member, "stewardsChanged")).not.toHaveLength(0);
  },
);
