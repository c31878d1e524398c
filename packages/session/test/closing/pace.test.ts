import { beforeEach, describe, expect, test } from "vitest";
import { defaultConversationConfig } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  alter,
  approve,
  ban,
  epochOf,
  eventsOf,
  fork,
  gather,
  join,
  leave,
  rolesOf,
  runFor,
  runUntil,
  scoreOf,
  send,
  shareEpoch,
  stranger,
  textsOf,
  vanish,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const config = { ...defaultConversationConfig, probationMs: 0 };
const settled = await gather(NAMES, { mode: "strict", fakes: true, config });
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, backup: Member, one: Member, two: Member, three: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, one, two, three] = rolesOf(world);
});

const committers = () => world.members.map((member) => eventsOf(member, "commitApplied").at(-1)?.committer);

/** All members approve an addition; returns once they are in the next epoch. */
async function commitAddition(): Promise<void> {
  const epoch = epochOf(one);
  await approve(world, await additionOf(world, stranger(1), "one"));
  await runUntil(world, () => world.members.every((member) => epochOf(member) > epoch));
}

describe("The steward whose turn it is", () => {
  test("commits, and nobody else does", async () => {
    world.delaysMs = () => [400];
    await commitAddition();
    expect(committers()).toEqual(NAMES.map(() => steward.id));
    for (const member of world.members)
      expect(eventsOf(member, "commitCandidateReceived").map((event) => event.steward)).toEqual([steward.id]);
  });

  test("is not overtaken by one that does not wait for it, and loses no score", async () => {
    const before = scoreOf(one, steward) ?? 0n;
    backup.state = { ...backup.state, config: { ...backup.state.config, standInMs: 1 } };
    world.delaysMs = ({ id }) => (id === steward.id ? [1_500] : [10]);
    await commitAddition();
    expect(committers()).toEqual(NAMES.map(() => steward.id));
    expect(eventsOf(one, "commitCandidateReceived")).toHaveLength(2);
    await runFor(world, 10_000);
    await approve(world, await additionOf(world, stranger(2), "two"));
    await runFor(world, 10_000);
    for (const member of world.members) expect(scoreOf(member, steward)).toBeGreaterThanOrEqual(before);
    expect(shareEpoch(world.members)).toBe(true);
  });

  test("is replaced after standInMs if it is away, while the others chat", async () => {
    const present = vanish(world, [steward]);
    const startMs = world.nowMs;
    await approve({ ...world, members: [...present] }, await additionOf(world, stranger(1), "one"));
    await runUntil(world, () => one.state.phase === "freezing");
    await send(world, one, "in the freeze");
    await runFor(world, 100);
    expect(textsOf(two)).toEqual(["in the freeze"]);
    await runUntil(world, () => eventsOf(one, "commitApplied").length > 0);
    expect(eventsOf(one, "commitApplied").at(-1)?.committer).toBe(backup.id);
    expect(world.nowMs - startMs).toBe(250 + 2_000);
  });

  test("does not commit before the others can know of a proposal of its own", async () => {
    steward.online = false;
    const proposalId = await ban(world, steward, one);
    const decided = { proposalId, request: removeRequest(one.id), proposer: steward.id };
    alter(steward, "changes", { approved: [decided] });
    await runFor(world, 5_000);
    expect(eventsOf(steward, "commitCandidateReceived")).toEqual([]);
    steward.online = true;
    await runFor(world, 60_000);
    expect(shareEpoch(world.members.filter(({ state }) => state.phase !== "ended"))).toBe(true);
  });
});

test("A change right after another one waits for no packets of the epoch before", async () => {
  const steward = { snMin: 1, snMax: 3, allowSubsetCandidates: false };
  const quick = { ...config, deliberationMs: 200, votingDelayMs: 200 };
  const options = { mode: "strict", fakes: true, config: quick, stewards: steward } as const;
  const { world } = await gather(["alice", "bob", "carol"], options);
  const [alice, bob, carol] = world.members as [Member, Member, Member];
  await ban(world, alice, carol);
  await runUntil(world, () => [alice, bob].every((member) => epochOf(member) === 2n));
  const startMs = world.nowMs;
  await leave(world, alice);
  await runUntil(world, () => alice.state.phase === "ended");
  expect(world.nowMs - startMs).toBeLessThanOrEqual(500);
});

describe("A vote", () => {
  test("on a joiner whom the member's policy admits is cast at once, and nobody is asked", async () => {
    const joiner = await join(world, "frank");
    await runUntil(world, () => eventsOf(joiner, "joined").length > 0);
    for (const member of world.members) expect(eventsOf(member, "voteRequested")).toEqual([]);
  });

  test("on a ban waits for votes by hand, and is over once enough are there", async () => {
    const id = await ban(world, one, three);
    await runFor(world, 5_000);
    expect(eventsOf(two, "voteRequested")).toMatchObject([{ proposalId: id }]);
    expect(eventsOf(one, "proposalDecided")).toEqual([]);
    const startMs = world.nowMs;
    for (const member of [two, backup]) await vote(world, member, id, true);
    await runUntil(world, () => three.state.phase === "ended");
    expect(world.nowMs - startMs).toBe(250);
  });

  test("that is open keeps a commit waiting for two seconds, and no longer", async () => {
    await ban(world, one, three);
    const startMs = world.nowMs;
    await leave(world, two);
    await runUntil(world, () => two.state.phase === "ended");
    expect(world.nowMs - startMs).toBe(2_000);
  });
});
