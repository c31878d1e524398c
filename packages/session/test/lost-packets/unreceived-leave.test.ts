import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  alter,
  approve,
  castOf,
  eventsOf,
  fork,
  gather,
  hasDelivered,
  leave,
  runFor,
  runUntil,
  shareEpoch,
  stranger,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let leaver: Member, others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [leaver] = castOf(world).others;
  others = world.members.filter((member) => member !== leaver);
});

const isGone = (member: Member): boolean => !member.state.group.members.includes(leaver.id);

describe("A leave that no other member has received", () => {
  test("is not over at its timeout, and is carried out once the leaver is back", async () => {
    vanish(world, [leaver]);
    await leave(world, leaver);
    await runFor(world, 2 * 3_600_000);
    expect(leaver.state.phase).not.toBe("ended");
    world.arrives = () => true;
    await runUntil(world, () => others.every(isGone));
    await runUntil(world, () => leaver.state.phase === "ended");
    expect(eventsOf(leaver, "leaving")).toEqual([{ kind: "leaving", reason: "left" }]);
    expect(shareEpoch(others)).toBe(true);
  });

  test("is sent again after a commit that does not carry it out", async () => {
    await approve(world, await additionOf(world, stranger(1), "one"));
    const { epoch } = leaver.state.group;
    world.repairs = false;
    world.arrives = ({ from }) => from !== leaver;
    await leave(world, leaver);
    await runUntil(world, () => world.members.every(({ state }) => state.group.epoch > epoch));
    expect(others.some(({ state }) => state.changes.approved.length > 0)).toBe(false);
    expect(others.some(isGone)).toBe(false);
    world.arrives = () => true;
    world.repairs = true;
    await runUntil(world, () => others.every(isGone));
    await runUntil(world, () => leaver.state.phase === "ended");
    expect(leaver.state).toMatchObject({ endReason: "left" });
  });
});

test("A leave that no other member has received is over a day after its timeout", async () => {
  vanish(world, [leaver]);
  await leave(world, leaver);
  await runUntil(world, () => leaver.state.phase === "reelection");
  const { dueAtMs = 0 } = leaver.state.leave;
  alter(leaver, "leave", { dueAtMs: dueAtMs - 24 * 3_600_000 });
  await runUntil(world, () => leaver.state.phase === "ended");
  expect(world.nowMs).toBe(dueAtMs);
  expect(leaver.state).toMatchObject({ endReason: "left" });
});

test("A leave that another member has received is over at its timeout, though its commit does not arrive", async () => {
  await leave(world, leaver);
  await runUntil(world, () => hasDelivered(leaver));
  world.arrives = ({ to }) => to !== leaver;
  await runUntil(world, () => leaver.state.phase === "ended");
  expect(leaver.state).toMatchObject({ endReason: "left" });
  expect(others.every(isGone)).toBe(true);
});
