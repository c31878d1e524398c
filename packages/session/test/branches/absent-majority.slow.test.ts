import { expect, test } from "vitest";
import {
  epochOf,
  eventsOf,
  gather,
  join,
  rejoin,
  runFor,
  send,
  shareEpoch,
  take,
  textsOf,
  vanish,
  type Member,
} from "../harness/index.js";

const DAY_MS = 24 * 3_600_000;
const DAYS = 21;

test("Two of five go on for three weeks, and share all with the others when these are back", async () => {
  const { world } = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
  await runFor(world, 60_000);
  const [alice, bob, ...away] = world.members as [Member, Member, ...Member[]];
  const from = epochOf(alice);
  vanish(world, away);
  for (const member of away) member.wakeAtMs = undefined;

  // Without a majority, a commit waits for longer than a join: the second attempt replaces the leaf of the first.
  const frank = await join(world, "frank");
  await runFor(world, 3_600_000);
  expect(eventsOf(alice, "provisional")).toMatchObject([{ epoch: from + 1n }]);
  expect(alice.state.branches.forks.size).toBe(1);
  await rejoin(world, frank);
  await runFor(world, 3_600_000);
  const present = [alice, bob, frank];
  expect(shareEpoch(present)).toBe(true);

  const said: string[] = [];
  for (let day = 1; day <= DAYS; day++) {
    said.push(`day ${day}`);
    await send(world, day % 2 === 0 ? alice : bob, `day ${day}`);
    await runFor(world, DAY_MS);
  }
  expect(textsOf(frank)).toEqual(said);
  // No keys are kept beyond a day, although no majority has confirmed the commits.
  expect(alice.state.branches.forks.size).toBe(0);

  world.arrives = () => true;
  for (const member of away) await take(world, member, { kind: "resumed" });
  await runFor(world, 3_600_000);
  expect(shareEpoch(world.members)).toBe(true);
  for (const member of away) {
    expect(textsOf(member)).toEqual(said);
    for (const kind of ["missed", "rejoined", "branchLost"] as const)
      expect(eventsOf(member, kind)).toEqual([]);
  }
  expect(alice.state.group.members).toHaveLength(6);
});
