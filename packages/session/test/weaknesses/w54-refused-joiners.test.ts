import type { MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import { membershipTarget } from "../../src/model/request.js";
import {
  advance,
  announce,
  broadcast,
  enterWorld,
  eventsOf,
  gatherInEachMode,
  gatherWorld,
  join,
  keyPackagePacket,
  MODES,
  putToVote,
  rejoin,
  required,
  resultAt,
  settle,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol"], { fakes: true });

/** Ids of the votes on a joiner that a member was asked for. */
function votesOn(joiner: Member, asked: Member): readonly number[] {
  const requests = eventsOf(asked, "voteRequested");
  return requests
    .filter(({ request }) => membershipTarget(request) === joiner.id)
    .map(({ proposalId }) => proposalId);
}

function memberId(number: number): MemberId {
  return number.toString(16).padStart(40, "0") as MemberId;
}

/** Waits until the members are asked about a joiner for the nth time, and has some of them vote no by hand. */
async function refuse(world: World, joiner: Member, nth: number, count = 3): Promise<void> {
  const members = world.members.slice(0, 3);
  await until(world, () => members.every((member) => votesOn(joiner, member).length === nth));
  const proposalId = votesOn(joiner, required(members[0])).at(-1) ?? 0;
  for (const member of members.slice(0, count)) await vote(world, member, proposalId, false);
  await until(world, () => members.every((member) => resultAt(member, proposalId) !== undefined));
}

describe("W54: a joiner that was voted down and announces itself again", () => {
  test("de-mls-3: is voted on again after half a minute, as in 3.0.0", async () => {
    const { world, members } = await inMode("de-mls-3");
    const alice = required(members[0]);
    const joiner = await join(world, "dave");
    await refuse(world, joiner, 1);
    await advance(world, 45_000);
    expect(votesOn(joiner, alice)).toHaveLength(2);
  });

  test("strict: is voted on no more, however often it announces the same key package", async () => {
    const { world, members } = await inMode("strict");
    const alice = required(members[0]);
    const joiner = await join(world, "dave");
    await refuse(world, joiner, 1);
    const [keyPackage] = joiner.keyPackages;
    for (let minute = 0; minute < 15; minute += 1) {
      broadcast(world, joiner, keyPackagePacket(joiner, keyPackage?.bytes ?? new Uint8Array()));
      await advance(world, 60_000);
    }
    expect(votesOn(joiner, alice)).toHaveLength(1);
  });

  test("strict: is voted on once in ten minutes if it asks with other key packages", async () => {
    const { world, members } = await inMode("strict");
    const alice = required(members[0]);
    const joiner = await join(world, "dave");
    await refuse(world, joiner, 1);
    await rejoin(world, joiner);
    await advance(world, LIMITS.refusalMs / 2);
    await rejoin(world, joiner);
    await settle(world);
    expect(votesOn(joiner, alice)).toHaveLength(1);
    await advance(world, LIMITS.refusalMs / 2);
    await rejoin(world, joiner);
    await refuse(world, joiner, 2);
    await advance(world, LIMITS.refusalMs);
    await rejoin(world, joiner);
    await until(world, () => joiner.state.phase === "working");
    expect(votesOn(joiner, alice)).toHaveLength(3);
    expect(alice.state.refusals.joiners.size).toBe(0);
  });

  test("strict: is remembered beside 255 others; the one refused longest ago is forgotten", async () => {
    const { world, members } = await inMode("strict");
    const alice = required(members[0]);
    const others = Array.from({ length: LIMITS.refusedJoiners }, (_, index) => memberId(index));
    const joiners = new Map(others.map((id) => [id, { reference: id, atMs: world.nowMs }]));
    alice.state = { ...alice.state, refusals: { ...alice.state.refusals, joiners } };
    const joiner = await join(world, "dave");
    await refuse(world, joiner, 1);
    expect([...alice.state.refusals.joiners.keys()]).toEqual([...others.slice(1), joiner.id]);
  });
});

describe("A vote on a joiner that is no refusal", () => {
  test.each(MODES)("of one of three members: the joiner is in (%s)", async (mode) => {
    const { world } = await inMode(mode);
    const joiner = await join(world, "dave");
    await refuse(world, joiner, 1, 1);
    await until(world, () => joiner.state.phase === "working");
  });

  test("of all on an invalid key package in its name: the joiner asks a moment later, and is in", async () => {
    const { world, members } = await gatherWorld(["alice", "bob"], { mode: "strict" });
    const [alice, bob] = [required(members[0]), required(members[1])];
    const joiner = await enterWorld(world, "carol");
    const keyPackage = new Uint8Array(3);
    const forged = await putToVote(world, bob, { kind: "add", member: joiner.id, keyPackage });
    await until(world, () => resultAt(alice, forged) === "no");
    expect(alice.state.refusals.joiners.size).toBe(0);
    await announce(world, joiner);
    await until(world, () => joiner.state.phase === "working");
  });
});
