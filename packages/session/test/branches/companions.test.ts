import type { MemberId } from "@demls/wire/core";
import { expect, test } from "vitest";
import { admitInvited } from "../../src/index.js";
import { companionsOf } from "../../src/join/companions.js";
import type { Active } from "../../src/model/state.js";
import {
  command,
  eventsOf,
  join,
  runFor,
  runUntil,
  shareEpoch,
  vanish,
  type Member,
} from "../harness/index.js";
import { commit, enter, HOUR_MS } from "./scene.js";

/** Nobody has the packets of the epochs before any more. */
function forgetPast(member: Member): void {
  const { repair } = member.state;
  const epochs = repair.epochs.slice(-1);
  const log = repair.log.filter(({ epoch }) => epoch === epochs[0]?.epoch);
  member.state = { ...member.state, repair: { ...repair, epochs, log } };
}

test("A member that leaves a lost branch by a new leaf vouches for those that had come in there", async () => {
  const { world, steward, backup, one, two } = await enter(4);
  const others = [steward, backup, one];
  world.arrives = ({ from, to }) => others.includes(from) === others.includes(to);
  const frank = await join(world, "frank");
  await command(world, frank, { kind: "awaitJoin", untilMs: world.nowMs + HOUR_MS });
  await runUntil(world, () => frank.state.phase === "working", world.nowMs + HOUR_MS);
  expect(two.state.group.members).toHaveLength(5);
  await commit(world, others);
  for (const member of others) forgetPast(member);
  for (const member of world.members) member.plugins = { ...member.plugins, admission: admitInvited };
  vanish(world, [frank]);
  await runUntil(world, () => eventsOf(two, "rejoined").length > 0, world.nowMs + HOUR_MS);
  expect(two.state.branches.companions).toEqual([frank.id]);
  world.arrives = () => true;
  const isWhole = (): boolean => shareEpoch(world.members) && steward.state.group.members.includes(frank.id);
  await runUntil(world, isWhole, world.nowMs + HOUR_MS);
  expect(isWhole()).toBe(true);
  await runFor(world, 60_000);
  expect(two.state.branches.companions).toEqual([]);
});

test("It vouches for none that the others have removed, nor without a fork", () => {
  const fork = { state: { group: { members: ["alice", "bob", "carol"] } } };
  const state = (forks: ReadonlyMap<bigint, unknown>): Active =>
    ({
      branches: { forks, companions: ["grace"] },
      group: { members: ["alice", "bob", "carol", "frank"] },
    }) as never;
  const here = ["alice", "bob"] as readonly string[] as readonly MemberId[];
  expect(companionsOf(state(new Map([[1n, fork]])), here)).toEqual(["grace", "frank"]);
  expect(companionsOf(state(new Map()), here)).toEqual(["grace"]);
});
