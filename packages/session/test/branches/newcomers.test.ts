import { expect, test } from "vitest";
import { admitAll, admitInvited, type AdmissionPolicy } from "../../src/index.js";
import { eventsOf, join, runFor, runUntil, send, shareEpoch, textsOf } from "../harness/index.js";
import { branch, enter, HOUR_MS, meet } from "./scene.js";

test.each<[string, AdmissionPolicy]>([
  ["that let everyone in", admitAll],
  ["that ask about strangers, since those back from the branch vouch for them", admitInvited],
])("Newcomers of a lost branch join the other one by themselves, at members %s", async (_case, admission) => {
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
  for (const member of former) member.plugins = { ...member.plugins, admission };
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
  for (const member of former) expect(member.state.branches.companions).toEqual([]);
});
