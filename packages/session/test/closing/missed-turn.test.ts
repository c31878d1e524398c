import { expect, test } from "vitest";
import {
  additionOf,
  approve,
  epochOf,
  eventsOf,
  gather,
  join,
  rolesOf,
  runUntil,
  scoreOf,
  stranger,
  vanish,
} from "../harness/index.js";

test("A member that has come in while the steward was away chooses the next commit, whose record charges the steward", async () => {
  const { world } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
  const [steward, backup, one] = rolesOf(world);
  vanish(world, [steward]);
  const newcomer = await join(world, "frank");
  await runUntil(world, () => newcomer.state.phase === "working");
  const there = [backup, one, newcomer];
  expect(backup.state.record.passed?.steward).toBe(steward.id);
  const [epoch, score = 0n] = [epochOf(backup), scoreOf(backup, steward)];
  await approve({ ...world, members: there }, await additionOf(world, stranger(2), "two"));
  await runUntil(world, () => there.every((member) => epochOf(member) > epoch));
  expect(there.map((member) => scoreOf(member, steward))).toEqual(there.map(() => score - 40n));
  // Three of four have chosen it.
  for (const member of there)
    expect(eventsOf(member, "provisional").map((event) => event.epoch)).not.toContain(epoch + 1n);
  const phases = eventsOf(newcomer, "phaseChanged").map(({ phase }) => phase);
  expect(phases).not.toContain("reelection");
});
