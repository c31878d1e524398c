import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  approve,
  command,
  disagreements,
  epochOf,
  eventsOf,
  isAtRest,
  part,
  runFor,
  runUntil,
  send,
  shareEpoch,
  stranger,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import { branch, commit, enter, forksOf, HOUR_MS, meet } from "./scene.js";

let world: World;
let steward: Member, backup: Member, one: Member, two: Member, three: Member;

describe("Two sides of two members that have each merged a commit of their own", () => {
  beforeEach(async () => {
    ({ world, steward, backup, one, two } = await enter(4));
  });

  test("meet again in one epoch, with all that was written, each message once", async () => {
    await send(world, one, "before");
    await approve(world, await additionOf(world, stranger(1), "one"));
    const at = epochOf(steward);
    part(world, [steward, one]);
    await send(world, one, "here");
    await send(world, two, "there");
    await runUntil(world, () => world.members.every((member) => epochOf(member) > at));
    expect(shareEpoch(world.members)).toBe(false);
    for (const member of world.members) expect(eventsOf(member, "provisional")).toHaveLength(1);
    await send(world, steward, "here again");
    await send(world, backup, "there again");
    await runFor(world, HOUR_MS);
    await meet(world);
    expect(shareEpoch(world.members)).toBe(true);
    expect(disagreements(world.members)).toEqual([]);
    for (const member of [backup, two])
      expect(eventsOf(member, "branchLost")).toEqual([{ kind: "branchLost", from: at + 1n, at }]);
    for (const member of [steward, one]) expect(eventsOf(member, "branchLost")).toEqual([]);
    for (const member of world.members) expect(eventsOf(member, "rejoined")).toEqual([]);
    const written = new Map([
      [one, ["before", "here"]],
      [two, ["there"]],
      [steward, ["here again"]],
      [backup, ["there again"]],
    ]);
    for (const member of world.members) {
      const others = [...written].flatMap(([author, texts]) => (author === member ? [] : texts));
      expect(textsOf(member).toSorted()).toEqual(others.toSorted());
    }
  });

  test("meet after another commit of each side", async () => {
    await branch(world, [steward, one]);
    await commit(world, [steward, one]);
    await commit(world, [backup, two]);
    await send(world, two, "there");
    await meet(world);
    expect(shareEpoch(world.members)).toBe(true);
    expect(textsOf(one)).toContain("there");
  });

  test("tell the members of their branch that they have left it", async () => {
    await branch(world, [steward, one]);
    const left = backup.state.group.epochAuthenticator;
    await meet(world);
    expect(backup.state.group.epochAuthenticator).not.toEqual(left);
    expect(backup.state.repair.departed.map(({ epoch }) => epoch)).toEqual([epochOf(backup)]);
  });
});

describe("A minority of two that has gone on alone", () => {
  beforeEach(async () => {
    ({ world, steward, backup, one, two, three } = await enter(5));
  });

  test("follows the majority, and loses its forks with the next commit", async () => {
    const at = await branch(world, [backup, one]);
    expect(forksOf(backup)).toEqual([at]);
    expect(forksOf(steward)).toEqual([at]);
    await send(world, backup, "from us two");
    await send(world, three, "from us three");
    await meet(world);
    expect(shareEpoch(world.members)).toBe(true);
    expect(backup.state.branches.left).toHaveLength(1);
    expect(textsOf(three)).toContain("from us two");
    expect(textsOf(one)).toContain("from us three");
    expect(isAtRest(world)).toBe(true);
    // Two of five have chosen another commit, so that the one of the majority is final by the choices after it.
    await command(world, steward, { kind: "renewKeys" });
    await runFor(world, HOUR_MS);
    expect(world.members.flatMap(forksOf)).toEqual([]);
  });

  test("keeps its marks of verified members, on either branch", async () => {
    const mark = (member: Member) =>
      command(world, backup, { kind: "markVerified", member: member.id, verified: true });
    await mark(steward);
    await branch(world, [backup, one]);
    await mark(three);
    await meet(world);
    expect(eventsOf(backup, "branchLost")).toHaveLength(1);
    expect(backup.state.identities.verified).toEqual([steward.id, three.id]);
  });

  test("keeps chat that it sends again once, under its first id", async () => {
    const kept: string[] = [];
    world.onStep = async (member, _before, _input, { effects }) => {
      for (const effect of effects)
        if (effect.kind === "chat" && member === backup) kept.push(effect.message.id);
    };
    await branch(world, [backup, one]);
    await send(world, backup, "from us two");
    await meet(world);
    const ids = eventsOf(three, "message").map(({ id }) => id);
    expect(textsOf(three)).toEqual(["from us two"]);
    expect(kept).toEqual(ids);
  });

  test("keeps its commit if the others were only away", async () => {
    await approve(world, await additionOf(world, stranger(1), "one"));
    const epoch = epochOf(backup);
    const side = [steward, one];
    const away = [backup, two, three];
    world.arrives = ({ from, to }) => side.includes(from) && side.includes(to);
    for (const member of away) member.wakeAtMs = undefined;
    await runUntil(world, () => side.every((member) => epochOf(member) > epoch));
    expect(side.map(forksOf)).toEqual([[epoch], [epoch]]);
    for (const member of away) {
      // They hear of the commit before one of them stands in for the steward.
      member.state = { ...member.state, config: { ...member.state.config, standInMs: 30_000 } };
      member.wakeAtMs = world.nowMs;
    }
    await meet(world);
    expect(shareEpoch(world.members)).toBe(true);
    expect(world.members.flatMap(forksOf)).toEqual([]);
    expect(world.members.flatMap((member) => eventsOf(member, "branchLost"))).toEqual([]);
  });
});
