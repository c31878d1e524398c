import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  approveBan,
  ban,
  eventsOf,
  fork,
  gather,
  receive,
  rolesOf,
  runFor,
  runUntil,
  shareEpoch,
  vanish,
  vote,
  type Letter,
  type Member,
  type World,
} from "../harness/index.js";
import { isAppMessage } from "./material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let proposer: Member, voter: Member, reader: Member, target: Member, bystander: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [proposer, voter, reader, target, bystander] = rolesOf(world);
});

/** Loses the messages and candidates that satisfy `isLost`. */
function lose(isLost: (letter: Letter) => boolean): void {
  world.arrives = (letter) => !isAppMessage(letter) || !isLost(letter);
}

function loseFirst(to: Member, from: Member): void {
  let isFirst = true;
  lose((letter) => {
    if (letter.to !== to || letter.from !== from || !isFirst) return false;
    isFirst = false;
    return true;
  });
}

const resultOf = (member: Member, id: number): string | undefined =>
  eventsOf(member, "proposalDecided").find(({ proposalId }) => proposalId === id)?.result;

const votersAt = (member: Member, id: number) =>
  eventsOf(member, "voteCast")
    .filter(({ proposalId }) => proposalId === id)
    .map(({ voter: by }) => by);

const epochs = (): readonly (bigint | undefined)[] => world.members.map(({ state }) => state.group?.epoch);

describe("A member that loses a proposal", () => {
  test("receives it while the vote is open, and its vote counts on all members", async () => {
    loseFirst(reader, proposer);
    const id = await ban(world, proposer, target);
    await runFor(world, 9_000);
    expect(eventsOf(reader, "voteRequested").map(({ proposalId }) => proposalId)).toEqual([id]);
    await vote(world, reader, id, true);
    await vote(world, voter, id, true);
    await runFor(world, 60_000);
    expect(votersAt(proposer, id)).toContain(reader.id);
    expect(resultOf(proposer, id)).toBe("yes");
    expect(resultOf(reader, id)).toBe("yes");
  });

  test("decides as the others without a vote of its own if it receives the proposal after its time", async () => {
    vanish(world, [reader]);
    const id = await ban(world, proposer, target, "yes");
    for (const member of [voter, bystander]) await runUntil(world, () => hasVoteRequest(member, id));
    for (const member of [voter, bystander]) await vote(world, member, id, true);
    await runUntil(world, () => resultOf(proposer, id) !== undefined);
    await runFor(world, 35_000);
    world.arrives = () => true;
    await runFor(world, 20_000);
    expect(hasVoteRequest(reader, id)).toBe(false);
    expect(votersAt(proposer, id)).not.toContain(reader.id);
    expect(resultOf(reader, id)).toBe(resultOf(proposer, id));
    expect(resultOf(reader, id)).toBe("yes");
    await runFor(world, 200_000);
    expect(new Set(epochs().filter((_, i) => world.members[i] !== target)).size).toBe(1);
  });

  test("decides as the others without a vote of its own if the proposal was in its buffer meanwhile", async () => {
    await approveBan(world, proposer, target);
    const staying = [proposer, voter, bystander];
    const early: Packet[] = [];
    world.arrives = (letter) => {
      const { to, packet } = letter;
      if (to === reader && isAppMessage(letter)) early.push(packet);
      return to !== reader;
    };
    await runUntil(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
    early.length = 0;
    const id = await ban(world, proposer, voter);
    await runFor(world, 1_000);
    expect(early).not.toEqual([]);
    for (const packet of early)
      expect(await receive(world, reader, packet)).toMatchObject({ kind: "buffered" });
    await vote(world, bystander, id, false);
    await runUntil(world, () => resultOf(proposer, id) !== undefined);
    expect(resultOf(proposer, id)).not.toBe("yes");

    world.arrives = () => true;
    await runUntil(world, () => resultOf(reader, id) !== undefined);
    await runFor(world, 10_000);
    expect(shareEpoch([...staying, reader])).toBe(true);
    expect(hasVoteRequest(reader, id)).toBe(false);
    expect(resultOf(reader, id)).not.toBe("yes");
  });
});

test("A member whose proposal waited for its epoch decides it when the others do, and not later by its own vote", async () => {
  // Default votes come shortly before the deadline: that of the reader would come after the deadline of the others.
  const config = { consensusTimeoutMs: 30_000, votingDelayMs: 29_500 };
  ({ world } = await gather(["alice", "bob", "carol", "dave", "erin"], {
    mode: "strict",
    fakes: true,
    config,
  }));
  await runFor(world, 60_000);
  [proposer, voter, reader, target, bystander] = rolesOf(world);
  await approveBan(world, proposer, target);
  world.arrives = ({ to }) => to !== reader;
  await runUntil(world, () => [proposer, voter, bystander].every(({ state }) => state.group?.epoch === 2n));
  const early: Packet[] = [];
  world.arrives = (letter) => {
    if (letter.to === reader && isAppMessage(letter)) early.push(letter.packet);
    return letter.to !== reader;
  };
  const id = await ban(world, proposer, voter);
  await runFor(world, 100);
  await vote(world, bystander, id, false);
  const proposedAtMs = world.nowMs;
  for (const packet of early) await receive(world, reader, packet);
  expect(hasVoteRequest(reader, id)).toBe(false);
  await runFor(world, 900);
  world.arrives = () => true;
  await runUntil(world, () => hasVoteRequest(reader, id));
  const waitedMs = world.nowMs - proposedAtMs;
  expect(waitedMs).toBeGreaterThan(500);
  expect(waitedMs).toBeLessThan(4_000);

  const voters = [proposer, bystander, reader];
  await runUntil(world, () => voters.every((member) => resultOf(member, id) !== undefined));
  expect(voters.map((member) => resultOf(member, id))).toEqual(["no", "no", "no"]);
});

function hasVoteRequest(member: Member, id: number): boolean {
  return eventsOf(member, "voteRequested").some(({ proposalId }) => proposalId === id);
}

describe("A member that loses a vote", () => {
  test("receives it before the decision, and decides as the others", async () => {
    const id = await ban(world, proposer, target);
    await runFor(world, 1_000);
    loseFirst(reader, voter);
    await vote(world, voter, id, true);
    await vote(world, bystander, id, false);
    await vote(world, reader, id, true);
    await runFor(world, 8_000);
    expect(votersAt(reader, id)).toContain(voter.id);
    await runFor(world, 60_000);
    expect(resultOf(reader, id)).toBe("yes");
    expect(resultOf(proposer, id)).toBe("yes");
  });

  test("receives all votes of a proposal that it has, and decides as the others, if it loses every one", async () => {
    const id = await ban(world, proposer, target);
    await runFor(world, 1_000);
    const isLost = new Set<Letter["packet"]>();
    lose(({ to, packet }) => to === reader && !isLost.has(packet) && isLost.add(packet).size > 0);
    await vote(world, voter, id, true);
    await vote(world, bystander, id, true);
    await runFor(world, 60_000);
    expect(isLost.size).toBeGreaterThanOrEqual(2);
    expect(resultOf(reader, id)).toBe(resultOf(proposer, id));
    await runFor(world, 300_000);
    expect(new Set(epochs().filter((_, i) => world.members[i] !== target)).size).toBe(1);
  });
});

test("A removal that failed at one of two voters is approved there by the other's vote, which arrives later", async () => {
  ({ world } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true }));
  await runFor(world, 60_000);
  [proposer, voter, target] = rolesOf(world);
  const id = await ban(world, proposer, target, "yes");
  await runFor(world, 1_000);
  world.arrives = ({ from }) => from !== voter;
  await vote(world, voter, id, true);
  await runUntil(world, () => resultOf(proposer, id) !== undefined);
  world.arrives = () => true;
  await runFor(world, 15_000);
  const results = eventsOf(proposer, "proposalDecided").filter(({ proposalId }) => proposalId === id);
  expect(results.map(({ result }) => result)).toEqual(["failed", "yes"]);
  expect(resultOf(voter, id)).toBe("yes");
  expect(new Set(epochs()).size).toBe(1);
});
