import { describe, expect, test } from "vitest";
import { membershipTarget } from "../../src/model/request.js";
import type { CompatibilityMode } from "../../src/index.js";
import {
  advance,
  ban,
  command,
  eventsOf,
  gatherInEachMode,
  keyPackageOf,
  leave,
  nowSeconds,
  propose,
  rejoin,
  required,
  resultAt,
  settle,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";
import { hexToBytes } from "@demls/wire/core";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"], { fakes: true });

interface Banned {
  readonly world: World;
  /** The members that stay. */
  readonly others: readonly Member[];
  readonly alice: Member;
  readonly banned: Member;
}

/** A group that has removed its last member by a vote. */
async function afterBan(mode: CompatibilityMode): Promise<Banned> {
  const { world, members } = await inMode(mode);
  const [alice, bob, carol, banned] = members.map(required) as [Member, Member, Member, Member];
  const others = [alice, bob, carol];
  const proposalId = await ban(world, alice, banned);
  await until(world, () => votesOn(banned, bob).length > 0);
  for (const member of [bob, carol]) await vote(world, member, proposalId, true);
  await until(world, () => banned.state.phase === "ended");
  await settle(world);
  return { world, others, alice, banned };
}

/** Ids of the votes on a member or joiner that a member was asked for. */
function votesOn(target: Member, asked: Member): readonly number[] {
  const requests = eventsOf(asked, "voteRequested");
  return requests
    .filter(({ request }) => membershipTarget(request) === target.id)
    .map((each) => each.proposalId);
}

const bansAt = ({ state }: Member, world: World) =>
  [...state.bans.members].flatMap(([id, { until: end, lifted }]) =>
    !lifted && end > nowSeconds(world) ? [id] : [],
  );

const DAY_MS = 86_400_000;

/** Lets time pass at once, without a step of a member. */
function pass(world: World, ms: number): void {
  world.nowMs += ms;
}

describe("W55: a member that was banned and asks to be let in again", () => {
  test("de-mls-3: is let in by silence, as in 3.0.0", async () => {
    const { world, alice, banned } = await afterBan("de-mls-3");
    await rejoin(world, banned);
    await until(world, () => banned.state.phase === "working");
    expect(bansAt(alice, world)).toEqual([]);
  });

  test("strict: opens no vote for thirty days", async () => {
    const { world, others, alice, banned } = await afterBan("strict");
    for (const member of others) expect(bansAt(member, world)).toEqual([banned.id]);
    const asked = votesOn(banned, alice).length;
    await rejoin(world, banned);
    await advance(world, 60_000);
    expect(votesOn(banned, alice)).toHaveLength(asked);
    expect(alice.outcomes).toContainEqual({ kind: "ignored", reason: "banned-joiner" });
    pass(world, 30 * DAY_MS);
    expect(bansAt(alice, world)).toEqual([]);
    await rejoin(world, banned);
    await until(world, () => banned.state.phase === "working");
  });

  test("strict: is refused by default votes if a member proposes it without its own yes", async () => {
    const { world, others, alice, banned } = await afterBan("strict");
    const keyPackage = await keyPackageOf(world, hexToBytes(banned.id) ?? new Uint8Array(), "again");
    const request = { kind: "add", member: banned.id, keyPackage } as const;
    const proposalId = await propose(world, alice, request, "deferred");
    await until(world, () => others.every((member) => resultAt(member, proposalId) !== "active"));
    expect(others.map((member) => resultAt(member, proposalId))).toEqual(["no", "no", "no"]);
    const [, bob] = others;
    expect(required(bob).decisions).toContainEqual({
      kind: "defaultVote",
      proposalId,
      vote: false,
      reason: "banned",
    });
  });

  test("strict: is let in by default votes if a member vouches for it, and the ban is forgotten", async () => {
    const { world, others, alice, banned } = await afterBan("strict");
    await rejoin(world, banned);
    const keyPackage = banned.keyPackages.at(-1)?.bytes ?? new Uint8Array();
    await propose(world, alice, { kind: "add", member: banned.id, keyPackage });
    await until(world, () => banned.state.phase === "working");
    for (const member of others) expect(member.state.bans.members.size).toBe(0);
    await leave(world, banned);
    await until(world, () => banned.state.phase === "ended");
    await settle(world);
    // A leave is no ban.
    for (const member of others) expect(bansAt(member, world)).toEqual([]);
  });

  test("strict: is voted on like any joiner after a member has lifted the ban", async () => {
    const { world, others, alice, banned } = await afterBan("strict");
    await command(world, alice, { kind: "unban", member: banned.id });
    await settle(world);
    for (const member of others) {
      expect(bansAt(member, world)).toEqual([]);
      expect(eventsOf(member, "unbanned")).toEqual([{ kind: "unbanned", member: banned.id, by: alice.id }]);
    }
    await rejoin(world, banned);
    await until(world, () => banned.state.phase === "working");
  });
});
