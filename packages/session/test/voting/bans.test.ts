import type { Ban as WireBan, EpochRecord } from "@demls/wire";
import { hexToBytes, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { stateAtFork } from "../../src/branches/at-fork.js";
import { LIMITS } from "../../src/model/limits.js";
import type { Ban } from "../../src/model/bans.js";
import { removeRequest, scoreRemovalRequest } from "../../src/model/request.js";
import { isActive } from "../../src/model/state.js";
import { adoptBans, banMemory, learnRecordedBans } from "../../src/voting/bans.js";
import {
  accusation,
  additionOf,
  advance,
  agreeOnScore,
  alter,
  approve,
  ban,
  candidatePacket,
  command,
  environmentOf,
  eventsOf,
  expectMistake,
  forgedCommit,
  fork,
  gather,
  gatherWorld,
  join,
  leave,
  nowSeconds,
  propose,
  receive,
  recordOf,
  required,
  sealed,
  settle,
  snapshotAt,
  stranger,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";
import { transactionOf } from "../lost-packets/material.js";
import { beginTransaction } from "../../src/model/transaction.js";

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true });
const THIRTY_DAYS = 30n * 86_400n;

let world: World;
let alice: Member, bob: Member, carol: Member, dave: Member;
let others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob, carol, dave] = world.members.map(required) as [Member, Member, Member, Member];
  others = [alice, bob, carol];
});

const bansAt = (member: Member) => snapshotAt(member).bans.map(({ member: id }) => id);

/** Has the others remove dave. */
async function removeDave(): Promise<void> {
  const proposalId = await ban(world, alice, dave);
  await until(world, () => eventsOf(carol, "voteRequested").some((asked) => asked.proposalId === proposalId));
  for (const member of [bob, carol]) await vote(world, member, proposalId, true);
  await until(world, () => dave.state.phase === "ended");
  await settle(world);
}

/** Waits until the others have merged the addition of a stranger. */
async function commitAddition(number: number): Promise<void> {
  const { epoch } = alice.state.group;
  await approve(
    { ...world, members: [...others] },
    await additionOf(world, stranger(number), `guest ${number}`),
  );
  await until(world, () => others.every(({ state }) => state.group.epoch > epoch));
}

/** A ban of the `index`th stranger. */
function banOfStranger(index: number, twist: Partial<WireBan> = {}): WireBan {
  const member = new Uint8Array(20).fill(0x55);
  new DataView(member.buffer).setUint32(0, index);
  return { member, epoch: 1n, until: nowSeconds(world) + 1_000n + BigInt(index), lifted: false, ...twist };
}

/** Lets a member learn bans, as of a ConversationSync. */
function learn(member: Member, bans: readonly WireBan[]): void {
  if (!isActive(member.state)) throw new Error("This member is in no group.");
  const tx = beginTransaction(member.state, environmentOf(world, member));
  adoptBans(tx, { memoryMs: 0n, bans });
  member.state = tx.state;
}

describe("The members of a strict group", () => {
  test("remember a removal by a low score", async () => {
    agreeOnScore(world, dave, -100n);
    const proposalId = await propose(world, alice, accusation(alice, carol));
    await settle(world);
    for (const member of [bob, carol]) await vote(world, member, proposalId, false);
    await until(world, () => dave.state.phase === "ended");
    await settle(world);
    for (const member of others) expect(bansAt(member)).toEqual([dave.id]);
  });

  test("tell a newcomer their bans, and for how long they remember them", async () => {
    for (const member of world.members)
      member.state = { ...member.state, config: { ...member.state.config, banMemoryMs: 90_000_000 } };
    await removeDave();
    const guest = await join(world, "guest");
    await until(world, () => guest.state.phase === "working" && snapshotAt(guest).bans.length > 0);
    const wireOf = ({ state }: Member): unknown => banMemory(transactionOf(world, { state } as Member))?.bans;
    expect(wireOf(guest)).toEqual(wireOf(alice));
    expect(guest.state.config.banMemoryMs).toBe(90_000_000);
  });

  test("learn by the record of the next commit that a ban was lifted, whose message they missed", async () => {
    await removeDave();
    world.repairs = false;
    world.arrives = ({ to }) => to !== carol;
    await command(world, alice, { kind: "unban", member: dave.id });
    await settle(world);
    world.arrives = () => true;
    expect([bob, carol].map((member) => bansAt(member).length)).toEqual([0, 1]);
    for (const number of [1, 2, 3]) await commitAddition(number);
    for (const member of others) expect(bansAt(member)).toEqual([]);
    expect(eventsOf(carol, "unbanned")).toEqual([{ kind: "unbanned", member: dave.id, by: undefined }]);
  });

  test("ban a member again that was unbanned, let in and removed once more", async () => {
    await removeDave();
    await command(world, bob, { kind: "unban", member: dave.id });
    await settle(world);
    for (const member of others) expect(bansAt(member)).toEqual([]);
    const identity = hexToBytes(dave.id) ?? new Uint8Array();
    await approve({ ...world, members: [...others] }, await additionOf(world, identity, "again"));
    await until(world, () => others.every(({ state }) => state.group.members.includes(dave.id)));
    expect(alice.state.bans.members.size).toBe(0);
    await approve({ ...world, members: [...others] }, removeRequest(dave.id));
    await until(world, () => others.every(({ state }) => !state.group.members.includes(dave.id)));
    for (const member of others) expect(bansAt(member)).toEqual([dave.id]);
  });

  test("take back a ban with the commit that a lost branch has merged", async () => {
    const before = alice.state;
    await removeDave();
    expect(bansAt(alice)).toEqual([dave.id]);
    const tx = beginTransaction(alice.state, environmentOf(world, alice)) as never;
    const kept = { state: before, heard: [], atMs: 0, merged: "" } as never;
    expect(stateAtFork(tx, kept).bans.members.size).toBe(0);
  });
});

describe("A member that leaves while the others vote on its removal", () => {
  const config = { votingDelayMs: 300_000, consensusTimeoutMs: 600_000, commitInactivityMs: 10_000 };

  beforeEach(async () => {
    ({ world } = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true, config }));
    [alice, bob, carol, dave] = world.members.map(required) as [Member, Member, Member, Member];
    others = [alice, bob, carol];
  });

  const isGone = (): boolean => others.every(({ state }) => !state.group.members.includes(dave.id));

  /** Has dave leave after the ban was proposed. */
  async function leaveAmidBan(): Promise<number> {
    const proposalId = await ban(world, alice, dave);
    await settle(world);
    await leave(world, dave);
    return proposalId;
  }

  test("is banned if they approve it before the commit", async () => {
    const proposalId = await leaveAmidBan();
    for (const member of [bob, carol]) await vote(world, member, proposalId, true);
    await until(world, isGone);
    await settle(world);
    for (const member of others) expect(bansAt(member)).toEqual([dave.id]);
  });

  test("is banned if they approve it after the commit, by the same ban at all members", async () => {
    const proposalId = await leaveAmidBan();
    await until(world, isGone);
    for (const member of others) expect(bansAt(member)).toEqual([]);
    await advance(world, 30_000);
    for (const member of [bob, carol]) await vote(world, member, proposalId, true);
    await settle(world);
    for (const member of others) expect(bansAt(member)).toEqual([dave.id]);
    expect(new Set(others.map(({ state }) => state.bans.members.get(dave.id)?.epoch)).size).toBe(1);
  });

  test("is banned alike at members that decide the vote before and after the commit", async () => {
    const proposalId = await leaveAmidBan();
    world.repairs = false;
    world.arrives = ({ to, packet }) => to !== carol || packet.subtopic === "welcome";
    await vote(world, bob, proposalId, true);
    await settle(world);
    world.arrives = () => true;
    world.repairs = true;
    await until(world, isGone);
    await vote(world, carol, proposalId, true);
    await advance(world, 120_000);
    for (const member of others) expect(bansAt(member)).toEqual([dave.id]);
    expect(new Set(others.map(({ state }) => state.bans.members.get(dave.id)?.epoch)).size).toBe(1);
  });

  test("is not banned if they reject it, nor if they are silent", async () => {
    const proposalId = await leaveAmidBan();
    await until(world, isGone);
    for (const member of [bob, carol]) await vote(world, member, proposalId, false);
    await advance(world, 600_000);
    for (const member of others) expect(bansAt(member)).toEqual([]);
  });

  test("is banned if they approve its removal for a low score after the commit", async () => {
    const { epoch } = alice.state.group;
    const proposalId = await propose(world, alice, scoreRemovalRequest(alice.id, dave.id, -1n, epoch));
    await settle(world);
    await leave(world, dave);
    await until(world, isGone);
    for (const member of [bob, carol]) await vote(world, member, proposalId, true);
    await settle(world);
    for (const member of others) expect(bansAt(member)).toEqual([dave.id]);
  });

  test("and that nobody has proposed to remove is not banned", async () => {
    await leave(world, dave);
    await until(world, isGone);
    await advance(world, 600_000);
    for (const member of others) expect(bansAt(member)).toEqual([]);
  });
});

describe("A call of unban", () => {
  test("throws for a member that is not banned, and for one whose ban was lifted", async () => {
    await expectMistake(command(world, alice, { kind: "unban", member: dave.id }), "not-banned", "member");
    await removeDave();
    await command(world, alice, { kind: "unban", member: dave.id });
    await expectMistake(command(world, alice, { kind: "unban", member: dave.id }), "not-banned", "member");
  });

  test("throws while the member catches up", async () => {
    await removeDave();
    alter(alice, "repair", { catchUp: { endsAtMs: world.nowMs + 1_000, isAnswered: false } });
    await expectMistake(command(world, alice, { kind: "unban", member: dave.id }), "wrong-phase");
  });

  test("throws in a de-mls-3 conversation, where its message is an empty one", async () => {
    const { world: older, members } = await gatherWorld(["alice", "bob"], { fakes: true });
    const [one, two] = members.map(required) as [Member, Member];
    await expectMistake(command(older, one, { kind: "unban", member: two.id }), "wrong-mode");
    const packet = await sealed(one, { kind: "unban", member: memberIdToBytes(two.id) });
    expect(await receive(older, two, packet)).toEqual({ kind: "ignored", reason: "empty-message" });
  });
});

describe("A hostile member", () => {
  test("changes nothing by a flood of messages that lift no ban", async () => {
    for (let index = 0; index < 50; index += 1) {
      const { member } = banOfStranger(index);
      const outcome = await receive(world, bob, await sealed(alice, { kind: "unban", member }));
      expect(outcome).toEqual({ kind: "ignored", reason: "not-banned" });
    }
    expect(bob.state.bans.members.size).toBe(0);
    expect(eventsOf(bob, "unbanned")).toEqual([]);
  });

  test("that is being removed does not lift its own ban by the keys of the epoch before", async () => {
    const packet = await sealed(dave, { kind: "unban", member: memberIdToBytes(dave.id) });
    await removeDave();
    expect(await receive(world, bob, packet)).toEqual({ kind: "ignored", reason: "not-banned" });
    expect(bansAt(bob)).toEqual([dave.id]);
  });

  test("bans no present member by a ConversationSync, and no other one for longer than the group remembers", () => {
    const until = 2n ** 63n;
    learn(bob, [banOfStranger(1, { until }), banOfStranger(2, { member: memberIdToBytes(alice.id), until })]);
    const strangers = memberIdFromBytes(banOfStranger(1).member);
    expect([...bob.state.bans.members]).toMatchObject([
      [strangers, { epoch: 1n, until: nowSeconds(world) + THIRTY_DAYS, lifted: false }],
    ]);
  });

  test("that fills the bans displaces none, and its own make room for one that a commit brings", async () => {
    learn(
      bob,
      Array.from({ length: LIMITS.bans }, (_, index) => banOfStranger(index)),
    );
    learn(
      bob,
      Array.from({ length: 10 }, (_, index) => banOfStranger(1_000 + index, { until: 2n ** 60n })),
    );
    const kept = (index: number) =>
      bob.state.bans.members.has(memberIdFromBytes(banOfStranger(index).member));
    expect([0, 9, 255, 1_009].map(kept)).toEqual([true, true, true, false]);
    const tx = transactionOf(world, bob);
    expect(learnRecordedBans(tx, { memoryMs: 0n, bans: [banOfStranger(1_000)] }, alice.id)).toEqual([]);
    expect([...tx.state.bans.members]).toEqual([...bob.state.bans.members]);
    await removeDave();
    expect(bob.state.bans.members.size).toBe(LIMITS.bans);
    expect(bansAt(bob)).toContain(dave.id);
    expect([0, 1, 255].map(kept)).toEqual([false, true, true]);
  });

  test("whose made-up bans end later than those that members have seen does not displace these", async () => {
    await removeDave();
    await advance(world, 60_000);
    learn(
      bob,
      Array.from({ length: LIMITS.bans }, (_, index) => banOfStranger(index, { until: 2n ** 60n })),
    );
    const proposalId = await ban(world, alice, carol);
    await settle(world);
    await vote(world, bob, proposalId, true);
    await until(world, () => carol.state.phase === "ended");
    expect(bob.state.bans.members.size).toBe(LIMITS.bans);
    expect(bansAt(bob)).toEqual(expect.arrayContaining([carol.id, dave.id]));
  });

  test("lifts no ban with another one by the records of a removal that was none", async () => {
    await removeDave();
    const { epoch, until: ends } = bob.state.bans.members.get(dave.id) as Ban;
    const stated = { member: memberIdToBytes(dave.id), until: ends, lifted: true };
    for (const [author, of] of [
      [alice, epoch + 1n],
      [carol, epoch - 1n],
      [carol, epoch],
      [carol, epoch],
    ] as const) {
      const tx = transactionOf(world, bob);
      learnRecordedBans(tx, { memoryMs: 0n, bans: [{ ...stated, epoch: of }] }, author.id);
      bob.state = tx.state;
    }
    expect(bansAt(bob)).toEqual([dave.id]);
  });

  test.each<[string, () => readonly WireBan[]]>([
    [
      "more bans than members keep",
      () => Array.from({ length: LIMITS.bans + 1 }, (_, i) => banOfStranger(i)),
    ],
    ["a ban of a later epoch", () => [banOfStranger(1, { epoch: bob.state.group.epoch + 1n })]],
    ["a long identity", () => [banOfStranger(1, { member: new Uint8Array(LIMITS.bannedIdBytes + 1) })]],
  ])("has no commit accepted whose record has %s", async (_what, bans) => {
    const twist = ({ state, ...rest }: EpochRecord): EpochRecord => ({
      ...rest,
      state: { ...state, banMemory: { memoryMs: 2_592_000_000n, bans: bans() } },
    });
    const { keyPackage } = await additionOf(world, stranger(1), "one");
    const commit = await forgedCommit(alice, [{ kind: "add", keyPackage }], await recordOf(alice, twist));
    expect(await receive(world, bob, candidatePacket(alice, commit))).toMatchObject({
      kind: "rejected",
      detail: "unreadable-record",
    });
  });
});

describe("Bans that members learn in different orders", () => {
  const bans = fc.array(
    fc.record({
      index: fc.integer({ min: 0, max: 2 }),
      epoch: fc.bigInt(1n, 3n),
      seconds: fc.bigInt(1n, 4n),
      lifted: fc.boolean(),
    }),
    { maxLength: 8 },
  );

  test("are the same", () => {
    const empty = bob.state;
    fc.assert(
      fc.property(bans, fc.nat(), (drawn, turn) => {
        const learned = drawn.map(({ index, epoch, seconds, lifted }) =>
          banOfStranger(index, { epoch, until: nowSeconds(world) + seconds, lifted }),
        );
        const at = turn % (learned.length + 1);
        const orders = [learned, [...learned.slice(at), ...learned.slice(0, at)].reverse()];
        const results = orders.map((order) => {
          bob.state = empty;
          for (const each of order) learn(bob, [each]);
          return bob.state.bans;
        });
        expect(results[0]).toEqual(results[1]);
      }),
    );
  });
});

test("Ended bans are forgotten when another one is learned", async () => {
  await removeDave();
  world.nowMs += 31 * 86_400_000;
  await advance(world, 0);
  learn(bob, [banOfStranger(1)]);
  expect(bob.state.bans.members.size).toBe(1);
});
