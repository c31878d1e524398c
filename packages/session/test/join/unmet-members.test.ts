import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  alter,
  approve,
  castOf,
  eventsOf,
  fork,
  gather,
  rejoin,
  required,
  runFor,
  runUntil,
  scoreOf,
  send,
  settle,
  stranger,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, backup: Member, away: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const cast = castOf(world);
  ({ steward, backup } = cast);
  [away] = cast.others;
});

/** Lets a member be one that joined when `away` had been left behind. */
function joinedLater(member: Member): void {
  alter(member, "rejoin", { unmet: [away.id] });
  alter(member, "repair", { heard: [] });
}

test("A steward that joined after a member was last heard leaves its rejoin to another, at no cost", async () => {
  joinedLater(steward);
  const epoch = steward.state.group.epoch;
  const before = scoreOf(backup, steward);
  await rejoin(world, away);
  await runUntil(world, () => backup.state.group.epoch > epoch);
  expect(eventsOf(backup, "commitApplied").at(-1)).toMatchObject({ committer: backup.id, changes: [] });
  expect(scoreOf(backup, steward)).toBe(before);
});

describe("If all stewards joined later", () => {
  let startMs: number;
  let epoch: bigint;

  beforeEach(async () => {
    joinedLater(steward);
    joinedLater(backup);
    await rejoin(world, away);
    await runUntil(world, () => steward.state.rejoin.requested.size > 0);
    startMs = world.nowMs;
    ({ epoch } = steward.state.group);
    world.arrives = ({ from, to }) => from !== away && to !== away;
  });

  test("a member that is no steward stands in for them", async () => {
    const before = scoreOf(backup, steward);
    await runUntil(world, () => steward.state.group.epoch > epoch);
    const { batchMs, standInMs } = steward.state.config;
    expect(world.nowMs - startMs).toBe(batchMs + 2 * standInMs);
    const { committer } = eventsOf(steward, "commitApplied").at(-1) ?? {};
    expect([steward.id, backup.id]).not.toContain(committer);
    expect(scoreOf(backup, steward)).toBe(before);
  });

  test("and all others too, a steward takes the rejoin up", async () => {
    for (const member of world.members) if (member !== away) joinedLater(member);
    await runUntil(world, () => steward.state.group.epoch > epoch);
    expect(world.nowMs - startMs).toBeGreaterThanOrEqual(300_000);
    expect([steward.id, backup.id]).toContain(eventsOf(steward, "commitApplied").at(-1)?.committer);
  });

  test("also if each of its attempts ends before that, and the next announces another key package", async () => {
    for (const member of world.members) if (member !== away) joinedLater(member);
    await runFor(world, 240_000);
    world.arrives = () => true;
    await rejoin(world, away);
    await runUntil(world, () => steward.state.group.epoch > epoch);
    expect(world.nowMs - startMs).toBeLessThan(420_000);
  });
});

test("A member is met once it was heard, and a newcomer once it speaks", async () => {
  alter(steward, "rejoin", { unmet: [away.id, backup.id] });
  await send(world, away, "here");
  await settle(world);
  world.arrives = ({ from }) => from !== backup;
  const { epoch } = steward.state.group;
  const newcomer = await additionOf(world, stranger(1), "one");
  await approve(world, newcomer);
  await runUntil(world, () => required(steward).state.group.epoch > epoch);
  expect(steward.state.rejoin.unmet).not.toContain(away.id);
  expect(steward.state.rejoin.unmet).toContain((newcomer as { readonly member: string }).member);
});
