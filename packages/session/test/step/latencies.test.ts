import {
  memberIdToBytes,
  WELCOME_SUBTOPIC,
  type MemberId,
  type Packet,
  memberIdFromBytes,
} from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { defaultConversationConfig } from "../../src/index.js";
import {
  announce,
  castOf,
  createWorld,
  enter,
  eventsOf,
  gather,
  hasDelivered,
  isSynced,
  join,
  leave,
  type Member,
  MODES,
  msUntil,
  propose,
  send,
  settledGroup,
  stewardsOf,
  until,
  vanish,
  vote,
  type World,
} from "../harness/index.js";

/** Virtual seconds until a condition holds. */
async function secondsUntil(world: World, isSo: () => boolean): Promise<number> {
  return (await msUntil(world, isSo)) / 1_000;
}

function isGone(member: MemberId, viewer: Member): boolean {
  return viewer.state.group?.members.includes(member) === false;
}

/** Seconds until a member is banned by another; neither is a steward. */
async function secondsOfBan(world: World, away: readonly Member[] = []): Promise<number> {
  const [asking, banned] = castOf(world).others;
  vanish(world, away);
  await propose(world, asking, { kind: "remove", member: banned.id });
  return secondsUntil(world, () => isGone(banned.id, asking));
}

/** Virtual seconds of each change with the default settings. */
const SECONDS = {
  strict: {
    ...{ join: 0.25, joinWithoutSteward: 7.25, joinWithoutStewards: 14.25 },
    ...{ ban: 10.25, banByHand: 0.25, banWithoutSteward: 12.25, banWithoutBackup: 10.25 },
    ...{ banWithoutStewards: 14.25, banWithTwoAway: 10.25, leave: 0.25 },
  },
  "de-mls-3": {
    ...{ join: 70, ban: 70, banByHand: 60, banWithoutSteward: 100, banWithoutBackup: 100 },
    // With two of five away, two thirds cannot vote, so the vote ends at its deadline.
    ...{ banWithoutStewards: 205, banWithTwoAway: 105, leave: 60 },
  },
} as const;

/** The durations in docs/operations.md, without the network's delay. */
describe.each(MODES)("With the default settings in %s mode it takes", (mode) => {
  const seconds = SECONDS[mode];

  test.each([1, 5, 10])(`${seconds.join} seconds to join a group of %i`, async (size) => {
    const world = await settledGroup(size, mode);
    const joiner = await join(world, "joiner");
    expect(await secondsUntil(world, () => eventsOf(joiner, "joined").length > 0)).toBe(seconds.join);
  });

  test.runIf(mode === "strict").each([
    ["the epoch steward is", 1, SECONDS.strict.joinWithoutSteward],
    ["both stewards are", 2, SECONDS.strict.joinWithoutStewards],
  ] as const)("so long to join a group of five while %s away", async (_, away, expected) => {
    const world = await settledGroup(5, mode);
    const { steward, backup } = castOf(world);
    const present = vanish(world, [steward, backup].slice(0, away));
    await join(world, "joiner");
    const taken = await secondsUntil(world, () =>
      present.every(({ state }) => state.group?.members.length === 6),
    );
    expect(taken).toBe(expected);
  });

  test(`${seconds.ban} seconds to ban a member of five`, async () => {
    expect(await secondsOfBan(await settledGroup(5, mode))).toBe(seconds.ban);
  });

  test(`${seconds.banByHand} seconds to ban a member of five if enough members vote yes by hand at once`, async () => {
    const world = await settledGroup(5, mode);
    const [asking, banned] = castOf(world).others;
    const identity = memberIdToBytes(banned.id);
    const proposalId = await propose(world, asking, { kind: "remove", member: memberIdFromBytes(identity) });
    const votes = world.members.filter((member) => member !== asking && member !== banned);
    await until(world, () => votes.every((member) => eventsOf(member, "voteRequested").length > 0));
    for (const member of votes) await vote(world, member, proposalId, true);
    expect(await secondsUntil(world, () => isGone(banned.id, asking))).toBe(seconds.banByHand);
  });

  test(`${seconds.leave} seconds to leave a group of five`, async () => {
    const world = await settledGroup(5, mode);
    const [leaver, stays] = castOf(world).others;
    await leave(world, leaver);
    expect(await secondsUntil(world, () => isGone(leaver.id, stays))).toBe(seconds.leave);
  });

  test.each([
    ["steward", seconds.banWithoutSteward],
    ["backup", seconds.banWithoutBackup],
  ] as const)("so long to ban where the %s is away: %d seconds", async (role, expected) => {
    const world = await settledGroup(5, mode);
    expect(await secondsOfBan(world, [castOf(world)[role]])).toBe(expected);
  });

  test(`${seconds.banWithoutStewards} seconds to ban if both stewards of eight are away, in de-mls-3 mode 30 more if an elected one is away too`, async () => {
    const world = await settledGroup(8, mode);
    const { steward, backup, others } = castOf(world);
    const taken = await secondsOfBan(world, [steward, backup]);
    const elected = stewardsOf(others[0]);
    const isAnyAway = mode === "de-mls-3" && [steward, backup].some(({ id }) => elected.includes(id));
    expect(taken).toBe(seconds.banWithoutStewards + (isAnyAway ? 30 : 0));
  });

  test(`${seconds.banWithTwoAway} seconds to ban if two of five are away, neither of them a steward`, async () => {
    const world = await settledGroup(5, mode);
    const [, banned, third] = castOf(world).others;
    expect(await secondsOfBan(world, [banned, third])).toBe(seconds.banWithTwoAway);
  });

  test("270 seconds until a leave without a commit ends the conversation", async () => {
    // In a strict group the others would let the leaver go before it knows that they have its leave.
    const world = await settledGroup(5, mode, { batchMs: 60_000 });
    const [leaver] = castOf(world).others;
    const startMs = world.nowMs;
    await leave(world, leaver);
    if (mode === "strict") await until(world, () => hasDelivered(leaver));
    vanish(world, [leaver]);
    await until(world, () => leaver.state.phase === "ended");
    expect(world.nowMs - startMs).toBe(270_000);
  });

  test("300 seconds until a join without an answer expires", async () => {
    const world = createWorld({ config: defaultConversationConfig, fakes: true, mode });
    const joiner = await enter(world, "joiner");
    await announce(world, joiner);
    expect(await secondsUntil(world, () => joiner.state.phase === "ended")).toBe(300);
  });
});

/** Bytes of a welcome besides those for each member. */
const WELCOME_BYTES = { strict: 812, "de-mls-3": 647 } as const;

/** Parts of a welcome for each member, without its name; a strict commit fills the nodes above its committer. */
const MEMBER_BYTES = { strict: 322, "de-mls-3": 297 } as const;

/** Bytes of a packet with 256 bytes of chat. A random group id is longer than a short name. */
const CHAT_BYTES = { strict: 450, "de-mls-3": 440 } as const;

/** Kilobytes of a join into a group of five. In strict mode, commits carry records, and the sync names spent key packages. */
const JOIN_KILOBYTES = { strict: 11, "de-mls-3": 11 } as const;

/** Packets of a join, and those that each member sends. */
const JOIN_PACKETS = {
  strict: { shared: 5, names: "a vote and a choice", each: 2 },
  "de-mls-3": { shared: 7, names: "a vote", each: 1 },
} as const;

/** The sizes in docs/operations.md. */
describe.each(MODES)("On the network in %s mode", (mode) => {
  const { shared, names, each } = JOIN_PACKETS[mode];

  test(`a join with two stewards takes ${shared} packets and ${names} of each member`, async () => {
    const world = await settledGroup(10, mode);
    const sent = packetsSent(world);
    const joiner = await join(world, "joiner");
    await until(world, () => isSynced(joiner));
    expect(sent).toHaveLength(shared + 10 * each);
  });

  test(`a join into a group of five takes ${JOIN_KILOBYTES[mode]} kB, of which the welcome is about ${WELCOME_BYTES[mode]} bytes and ${MEMBER_BYTES[mode]} and a name for each member`, async () => {
    const { world } = await gather(["a", "b", "c", "d", "e"], {
      config: { ...defaultConversationConfig, probationMs: 0 },
      mode,
    });
    const sent = packetsSent(world);
    const joiner = await join(world, "joiner");
    await until(world, () => isSynced(joiner));
    const welcome = sent.findLast(({ subtopic }) => subtopic === WELCOME_SUBTOPIC);
    const nameBytes = "abcdejoiner".length;
    const expectedBytes = WELCOME_BYTES[mode] + 5 * MEMBER_BYTES[mode] + nameBytes;
    // The place of the committer in the tree makes a difference.
    expect(Math.abs((welcome?.payload.length ?? 0) - expectedBytes)).toBeLessThan(100);
    expect(sent.reduce((sum, { payload }) => sum + payload.length, 0) / 1_000).toBeCloseTo(
      JOIN_KILOBYTES[mode],
      0,
    );
  });

  test(`a packet with a chat message of 256 bytes has about ${CHAT_BYTES[mode]} bytes`, async () => {
    const { world, members } = await gather(["alice", "bob"], { config: defaultConversationConfig, mode });
    const sent = packetsSent(world);
    const [alice] = members as [Member, Member];
    await send(world, alice, new Uint8Array(256));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.payload.length).toBeCloseTo(CHAT_BYTES[mode], -1);
  });
});

/** Packets sent from now on, except for reports, requests and answers. */
function packetsSent(world: World): readonly Packet[] {
  world.repairs = false;
  const sent: Packet[] = [];
  world.reads = (packet) => sent.push(packet);
  return sent;
}
