import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import { inspect } from "../../src/view/inspection.js";
import {
  ban,
  candidatesBy,
  command,
  environmentOf,
  epochOf,
  eventsOf,
  expectMistake,
  fork,
  gather,
  part,
  receive,
  rolesOf,
  runFor,
  runUntil,
  scoreOf,
  send,
  shareEpoch,
  take,
  textsOf,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict" });
await runFor(settled.world, 60_000);

/** The same conversation, whose keys are renewed after half a day. */
const scheduled = await gather(["alice", "bob", "carol", "dave"], {
  mode: "strict",
  fakes: true,
  config: { keyRenewalMs: 12 * HOUR_MS },
});

let world: World;
let everyone: Member[];
let steward: Member, writer: Member, owner: Member, other: Member;

async function begin(from: World = settled.world): Promise<void> {
  ({ world } = await fork(from));
  everyone = world.members;
  [steward, writer, owner, other] = rolesOf(world);
}

beforeEach(() => begin());

const renew = (member: Member) => command(world, member, { kind: "renewKeys" });

/** Members that a member has seen renewing their keys. */
const renewersSeenBy = (member: Member) => eventsOf(member, "keysRenewed").map((event) => event.member);

/** A copy of a member's state at a thief, who receives all packets and sends none. */
async function steal(from: Member): Promise<Member> {
  const { world: elsewhere } = await fork(world, "thief");
  const thief = elsewhere.members[world.members.indexOf(from)] as Member;
  const heard: Packet[] = [];
  world.reads = (packet) => heard.push(packet);
  world.diary = Array.from({ length: 3_600 }, (_, second) => ({
    atMs: world.nowMs + 1_000 * second,
    async act() {
      elsewhere.nowMs = world.nowMs;
      for (const packet of heard.splice(0)) await receive(elsewhere, thief, packet);
      await take(elsewhere, thief, { kind: "tick" });
    },
  }));
  return thief;
}

describe("A member that renews its keys", () => {
  test("makes a commit without changes, which all merge without a vote and without a score", async () => {
    const from = epochOf(owner);
    const votes = eventsOf(steward, "voteRequested").length;
    const before = scoreOf(steward, owner);
    await runFor(world, HOUR_MS);
    const keyAgeMs = (): number | null => inspect(owner.state, environmentOf(world, owner)).keyAgeMs;
    expect(keyAgeMs()).toBeGreaterThanOrEqual(HOUR_MS);
    await renew(owner);
    await runFor(world, 120_000);
    expect(keyAgeMs()).toBeLessThan(120_000);
    expect(epochOf(owner)).toBe(from + 1n);
    expect(shareEpoch(everyone)).toBe(true);
    expect(eventsOf(writer, "commitApplied").at(-1)).toMatchObject({ committer: owner.id, changes: [] });
    for (const member of everyone) expect(renewersSeenBy(member)).toEqual([owner.id]);
    expect(scoreOf(steward, owner)).toBe(before);
    const elections = eventsOf(steward, "voteRequested").slice(votes);
    expect(elections.every(({ request }) => request.kind === "electStewards")).toBe(true);
    expect(owner.state.keys.requestedAtMs).toBeUndefined();
  });

  test("waits for no steward: the freeze ends with its candidate", async () => {
    await renew(owner);
    await runUntil(world, () => eventsOf(writer, "commitCandidateReceived").length > 0);
    const freezeBeganAtMs = world.nowMs;
    await runUntil(world, () => renewersSeenBy(writer).length > 0);
    expect(world.nowMs - freezeBeganAtMs).toBeLessThan(1_000);
  });

  test("locks out a thief of its state, who has read along until then", async () => {
    const thief = await steal(owner);
    await send(world, writer, "before");
    await renew(writer);
    await runUntil(world, () => renewersSeenBy(owner).includes(writer.id));
    await runFor(world, 10_000);
    await send(world, writer, "after a commit of another member");
    await renew(owner);
    await runUntil(world, () => renewersSeenBy(writer).includes(owner.id));
    await runFor(world, 10_000);
    await send(world, writer, "secret");
    await runFor(world, 10_000);
    expect(textsOf(thief)).toEqual(["before", "after a commit of another member"]);
    expect(textsOf(owner)).toContain("secret");
  });

  test("lets an approved change precede, and renews them afterwards", async () => {
    await ban(world, steward, other);
    await renew(owner);
    await runUntil(world, () => eventsOf(owner, "commitApplied").length > 0);
    expect(eventsOf(owner, "commitApplied")).toMatchObject([{ changes: [{ request: { kind: "remove" } }] }]);
    await runFor(world, 180_000);
    expect(renewersSeenBy(steward)).toEqual([owner.id]);
    expect(shareEpoch([steward, writer, owner])).toBe(true);
  });

  test("tries again after another member's renewal precedes", async () => {
    await renew(owner);
    await renew(other);
    await runFor(world, 5 * 60_000);
    expect(renewersSeenBy(steward).sort()).toEqual([owner.id, other.id].sort());
    expect(shareEpoch(everyone)).toBe(true);
  });

  test("does so while the stewards are away", async () => {
    vanish(world, [steward]);
    await renew(owner);
    await runFor(world, 10 * 60_000);
    expect(renewersSeenBy(writer)).toEqual([owner.id]);
    expect(shareEpoch([writer, owner, other])).toBe(true);
  });
});

describe("The time of a renewal", () => {
  test("is keyRenewalMs after the keys, and two hours and a half after that of another member", async () => {
    await begin(scheduled.world);
    await runFor(world, 11 * HOUR_MS);
    expect(renewersSeenBy(steward)).toEqual([]);
    await runFor(world, 3 * HOUR_MS);
    expect(renewersSeenBy(steward)).toHaveLength(1);
    await runFor(world, 7 * HOUR_MS);
    expect(renewersSeenBy(steward).sort()).toEqual(everyone.map(({ id }) => id).sort());
    expect(shareEpoch(everyone)).toBe(true);
  });

  test("is keyRenewalMs after a commit of the member's own", async () => {
    await begin(scheduled.world);
    await runFor(world, 6 * HOUR_MS);
    await ban(world, writer, other);
    await runFor(world, 10 * 60_000);
    const committer = eventsOf(owner, "commitApplied").at(-1)?.committer;
    await runFor(world, 10 * HOUR_MS);
    const expected = [steward, writer, owner].map(({ id }) => id).filter((id) => id !== committer);
    expect(renewersSeenBy(owner).sort()).toEqual(expected.sort());
  });

  test("is never, if keyRenewalMs is 0", async () => {
    const { world: lasting } = await gather(["alice", "bob"], {
      mode: "strict",
      fakes: true,
      config: { keyRenewalMs: 0 },
    });
    await runFor(lasting, 8 * DAY_MS);
    expect(lasting.members.flatMap(renewersSeenBy)).toEqual([]);
  });

  test.each([
    ["four days", 4 * DAY_MS, 1],
    ["two days", 2 * DAY_MS, 0],
  ])("is a start with keys of %s", async (_, pauseMs, renewals) => {
    await begin(scheduled.world);
    for (const member of everyone)
      member.state = { ...member.state, config: { ...member.state.config, keyRenewalMs: 20 * DAY_MS } };
    vanish(world, [owner]);
    owner.wakeAtMs = undefined;
    await runFor(world, pauseMs);
    world.arrives = () => true;
    await take(world, owner, { kind: "resumed" });
    await runFor(world, 10 * 60_000);
    expect(renewersSeenBy(steward)).toHaveLength(renewals);
  });

  test("is when a majority is there", async () => {
    part(world, [owner, other]);
    await runFor(world, 2 * HOUR_MS);
    await renew(owner);
    await renew(steward);
    await runFor(world, 2 * DAY_MS);
    expect(everyone.flatMap(renewersSeenBy)).toEqual([]);
    world.arrives = () => true;
    await runFor(world, HOUR_MS);
    expect(renewersSeenBy(writer).sort()).toEqual([owner.id, steward.id].sort());
    expect(shareEpoch(everyone)).toBe(true);
  });

  test("is an hour after the one before, at the earliest", async () => {
    await renew(owner);
    await runFor(world, 180_000);
    await renew(owner);
    await runFor(world, 180_000);
    expect(renewersSeenBy(steward)).toHaveLength(1);
    await runFor(world, LIMITS.keyRenewalIntervalMs);
    expect(renewersSeenBy(steward)).toHaveLength(2);
  });
});

describe("The other members", () => {
  test("merge no second renewal within half of the interval, and stay together", async () => {
    await renew(owner);
    await runFor(world, 180_000);
    const keys = { ...owner.state.keys, renewals: new Map(), requestedAtMs: world.nowMs };
    owner.state = { ...owner.state, keys };
    await take(world, owner, { kind: "tick" });
    await runFor(world, 90_000);
    expect(candidatesBy(steward, owner)).toHaveLength(1);
    expect(renewersSeenBy(steward)).toHaveLength(1);
    expect(shareEpoch([steward, writer, other])).toBe(true);
  });
});

test("A member that was away follows two renewals of one member", async () => {
  const pair = await gather(["alice", "bob", "carol"], { mode: "strict" });
  await runFor(pair.world, 60_000);
  const [renewer, reader, sleeper] = pair.world.members as [Member, Member, Member];
  vanish(pair.world, [sleeper]);
  sleeper.wakeAtMs = undefined;
  for (let renewal = 0; renewal < 2; renewal++) {
    await command(pair.world, renewer, { kind: "renewKeys" });
    await runFor(pair.world, 2 * HOUR_MS);
  }
  expect(renewersSeenBy(reader)).toHaveLength(2);
  pair.world.arrives = () => true;
  await take(pair.world, sleeper, { kind: "resumed" });
  await runFor(pair.world, 60_000);
  expect(renewersSeenBy(sleeper)).toHaveLength(2);
  expect(shareEpoch([renewer, sleeper])).toBe(true);
});

test("A conversation of one member renews its keys by hand only, and needs no timer", async () => {
  const { world: alone } = await gather(["alice"], { mode: "strict" });
  const [alice] = alone.members as [Member];
  await runFor(alone, 60_000);
  expect(alice.wakeAtMs).toBeUndefined();
  await command(alone, alice, { kind: "renewKeys" });
  await runFor(alone, 120_000);
  expect(renewersSeenBy(alice)).toEqual([alice.id]);
});

test("A de-mls-3 conversation renews no keys", async () => {
  const { world: plain } = await gather(["alice", "bob"], { mode: "de-mls-3" });
  const [alice] = plain.members as [Member, Member];
  await expectMistake(command(plain, alice, { kind: "renewKeys" }), "wrong-mode");
});
