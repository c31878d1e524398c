import { expect, test } from "vitest";
import { eventsOf, join, runFor, runUntil, send, shareEpoch, textsOf } from "../harness/index.js";
import { branch, enter, HOUR_MS, meet } from "./scene.js";

test("Members that joined on the branch that is lost join the other one by themselves", async () => {
  const { world, steward, backup, one, two } = await enter(4);
  await branch(world, [steward, one]);
  const former = [...world.members];
  const newcomers = [];
  for (const name of ["frank", "grace"]) {
    const newcomer = await join(world, name);
    await runUntil(world, () => newcomer.state.phase === "working");
    newcomers.push(newcomer);
  }
  expect(backup.state.group.members).toHaveLength(7);
  await meet(world);
  const isWhole = (): boolean => shareEpoch(world.members) && steward.state.group.members.length === 7;
  await runUntil(world, isWhole, world.nowMs + HOUR_MS);
  expect(isWhole()).toBe(true);
  for (const member of newcomers) expect(eventsOf(member, "rejoined")).toHaveLength(1);
  for (const member of former) expect(eventsOf(member, "rejoined")).toEqual([]);
  await runFor(world, 60_000);
  await send(world, two, "welcome");
  await runFor(world, 60_000);
  for (const member of newcomers) expect(textsOf(member)).toContain("welcome");
});
