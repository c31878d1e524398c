import { expect, test } from "vitest";
import { advance, ban, fork, gather, join, stewardsOf, until, type Member } from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

/** Ids and hashes only, by which nothing can be read. */
const KEPT = ["resolved", "committed"];

test("A member that was removed keeps nothing of what went on in the conversation", async () => {
  const { world } = await fork(settled.world);
  const list = stewardsOf(world.members[0] as Member);
  const [target, asker] = world.members.filter(({ id }) => !list.includes(id)) as [Member, Member];
  await join(world, "newcomer");
  await ban(world, asker, target);
  await advance(world, 1_000);
  expect(target.state.observedProposals.size).toBeGreaterThan(0);
  expect(target.state.electorates.size).toBeGreaterThan(0);
  await until(world, () => target.state.phase === "ended");
  const left = Object.entries(target.state).filter(
    ([field, value]: [string, unknown]) =>
      !KEPT.includes(field) &&
      (Array.isArray(value)
        ? value.length > 0
        : (value instanceof Map || value instanceof Set) && value.size > 0),
  );
  expect(left.map(([field]) => field)).toEqual([]);
});
