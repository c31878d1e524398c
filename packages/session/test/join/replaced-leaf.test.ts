import { leafName } from "@demls/mls";
import { decodeWelcomeMessage, encodeRepairPacket, encodeWelcomeMessage } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  hexToBytes,
  memberIdToBytes,
  REPAIR_SUBTOPIC,
  WELCOME_SUBTOPIC,
  type Packet,
} from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  additionOf,
  alter,
  ban,
  candidatePacket,
  command,
  epochOf,
  eventsOf,
  forgedCommit,
  fork,
  GARDEN,
  gather,
  keyPackagePacket,
  packetOf,
  receive,
  rejoin,
  rolesOf,
  runFor,
  runUntil,
  send,
  settle,
  shareEpoch,
  STRANGER,
  stranger,
  take,
  textsOf,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let steward: Member, writer: Member, sleeper: Member, target: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, writer, sleeper, target] = rolesOf(world);
});

/** Lets the others make a commit of which `sleeper` learns nothing, and of which no member keeps a packet. */
async function forgetCommit(): Promise<void> {
  vanish(world, [sleeper]);
  sleeper.wakeAtMs = undefined;
  const before = epochOf(steward);
  await ban(world, steward, target);
  await runUntil(world, () => epochOf(steward) > before && epochOf(writer) > before);
  await runFor(world, 60_000);
  for (const member of [steward, writer]) {
    const { repair } = member.state;
    const epochs = repair.epochs.slice(-1);
    const log = repair.log.filter(({ epoch }) => epoch === epochs[0]?.epoch);
    member.state = { ...member.state, repair: { ...repair, epochs, log } };
  }
}

describe("A member that was left behind, whose missing packets no member has,", () => {
  beforeEach(async () => {
    await forgetCommit();
    world.arrives = () => true;
    await take(world, sleeper, { kind: "resumed" });
  });

  test("names its earlier key packages in the next one, if no welcome comes", async () => {
    world.arrives = ({ to, packet }) => to !== sleeper || packet.subtopic !== WELCOME_SUBTOPIC;
    const before = epochOf(steward);
    await runUntil(world, () => epochOf(writer) > before);
    vanish(world, [steward]);
    await runUntil(world, () => eventsOf(sleeper, "rejoined").length > 0, world.nowMs + 3_600_000);
    await runFor(world, 60_000);
    expect(shareEpoch([writer, sleeper])).toBe(true);
  });

  test("replaces its leaf without a vote, and reads and writes again", async () => {
    const from = epochOf(sleeper);
    for (const [by, { id }] of [
      [sleeper, writer],
      [writer, sleeper],
    ] as const)
      await command(world, by, { kind: "markVerified", member: id, verified: true });
    await runFor(world, 30_000);
    await send(world, writer, "are you there?");
    await runUntil(world, () => eventsOf(sleeper, "rejoined").length > 0);
    await runFor(world, 60_000);
    const members = [steward, writer, sleeper];
    expect(shareEpoch(members)).toBe(true);
    expect(sleeper.state.rejoin.unmet).toEqual([]);
    expect(sleeper.state.identities.verified).toEqual([writer.id]);
    expect(writer.state.identities.verified).toEqual([sleeper.id]);
    expect(eventsOf(sleeper, "rejoined")).toEqual([{ kind: "rejoined", from, epoch: epochOf(steward) }]);
    expect(eventsOf(writer, "memberRejoined")).toEqual([{ kind: "memberRejoined", member: sleeper.id }]);
    expect(eventsOf(steward, "voteRequested").filter(({ request }) => request.kind === "add")).toEqual([]);
    await send(world, writer, "hello");
    await send(world, sleeper, "hello again");
    await runFor(world, 1_000);
    expect(textsOf(sleeper)).toContain("hello");
    expect(textsOf(writer)).toContain("hello again");
  });
});

/** Puts `member` alone into an epoch of its own, as if it had merged another commit than the others. */
async function strand(member: Member): Promise<void> {
  const { world: other } = await fork(settled.world, "elsewhere");
  const twin = other.members[world.members.indexOf(member)] as Member;
  await ban(other, twin, other.members[world.members.indexOf(target)] as Member);
  await runUntil(other, () => epochOf(twin) > epochOf(member));
  member.state = twin.state;
  member.wakeAtMs = world.nowMs;
}

describe("A member that merged another commit than all others", () => {
  test("hears none of them, and replaces its leaf in their epoch", async () => {
    vanish(world, [sleeper]);
    await ban(world, steward, target);
    await runUntil(world, () => epochOf(writer) > epochOf(sleeper));
    await runFor(world, 60_000);
    await strand(sleeper);
    world.arrives = () => true;
    expect(shareEpoch([steward, sleeper])).toBe(false);
    await runUntil(world, () => eventsOf(sleeper, "rejoined").length > 0, world.nowMs + 3_600_000);
    await runFor(world, 60_000);
    expect(shareEpoch([steward, writer, sleeper])).toBe(true);
    expect(eventsOf(writer, "memberRejoined")).toEqual([{ kind: "memberRejoined", member: sleeper.id }]);
  });
});

test("Two members, each alone in an epoch of its own, meet in the epoch of the one with the smaller id", async () => {
  const pair = await gather(["alice", "bob"], { mode: "strict", fakes: true });
  await runFor(pair.world, 60_000);
  ({ world } = await fork(pair.world));
  const [one, two] = world.members as [Member, Member];
  const smaller = one.id < two.id ? one : two;
  for (const [index, member] of [one, two].entries()) {
    const { world: own } = await fork(pair.world, `world ${index}`);
    const twin = own.members[index] as Member;
    vanish(
      own,
      own.members.filter((each) => each !== twin),
    );
    const addition = await additionOf(own, stranger(index), "stranger");
    const commit = await forgedCommit(twin, [addition]);
    member.state = { ...twin.state, group: twin.mls.merge(twin.state.group, commit) };
    await take(world, member, { kind: "resumed" });
  }
  expect(shareEpoch([one, two])).toBe(false);
  const isBack = ({ events }: Member): boolean => events.some(({ kind }) => kind === "rejoined");
  await runUntil(world, () => isBack(one) || isBack(two), world.nowMs + 7_200_000);
  await runFor(world, 120_000);
  expect([one, two].filter(isBack)).toEqual([one, two].filter((member) => member !== smaller));
  expect(shareEpoch([one, two])).toBe(true);
});

describe("A member that has lost its storage", () => {
  test("asks to join, learns which leaf it has, and replaces it without a vote", async () => {
    await rejoin(world, sleeper);
    await runUntil(world, () => eventsOf(sleeper, "joined").length > 0);
    await runFor(world, 120_000);
    expect(shareEpoch(world.members)).toBe(true);
    for (const member of [steward, writer]) {
      expect(eventsOf(member, "memberRejoined")).toEqual([{ kind: "memberRejoined", member: sleeper.id }]);
      expect(eventsOf(member, "voteRequested").filter(({ request }) => request.kind === "add")).toEqual([]);
    }
    await send(world, writer, "hello");
    await runFor(world, 1_000);
    expect(textsOf(sleeper)).toEqual(["hello"]);
  });

  test("is told once, by one member", async () => {
    const notices: Packet[] = [];
    world.reads = (packet) => {
      const decoded = packet.subtopic === WELCOME_SUBTOPIC ? decodeWelcomeMessage(packet.payload) : undefined;
      if (decoded?.ok && decoded.value.kind === "leaf_notice") notices.push(packet);
    };
    await rejoin(world, sleeper);
    await runFor(world, 20_000);
    expect(notices).toHaveLength(1);
  });

  test("believes four notices at most, which anyone can forge", async () => {
    vanish(world, [sleeper]);
    await rejoin(world, sleeper);
    const before = sleeper.keyPackages.length;
    const notice = (fill: number): Packet => ({
      ...keyPackagePacket(STRANGER, new Uint8Array(0)),
      payload: encodeWelcomeMessage({
        kind: "leaf_notice",
        identity: memberIdToBytes(sleeper.id),
        admission: new Uint8Array(16).fill(fill),
      }),
    });
    for (const fill of [1, 1, 2, 3, 4, 5, 6]) await receive(world, sleeper, notice(fill));
    expect(sleeper.keyPackages).toHaveLength(before + 4);
  });

  test("is told nothing for a key package that does not prove its identity", async () => {
    const { bytes } = await sleeper.mls.generateKeyPackage({ identityProof: new Uint8Array(0) });
    await receive(world, writer, keyPackagePacket(STRANGER, bytes));
    expect(writer.state.rejoin.notices.size).toBe(0);
  });
});

describe("A key package that replaces a leaf", () => {
  /** A key package of `owner` that names its leaf, or other admissions. */
  async function naming(owner: Member, replaces = [leafOf(owner)]): Promise<Packet> {
    return keyPackagePacket(STRANGER, (await owner.mls.generateKeyPackage({ replaces })).bytes);
  }

  const leafOf = (owner: Member, conversation = GARDEN): Uint8Array => {
    const { roster, leafIndex } = owner.state.group;
    const admission = roster.find((entry) => entry.leafIndex === leafIndex)?.admission;
    return leafName(conversation, admission as Uint8Array);
  };

  test("is taken from a member, once", async () => {
    const packet = await naming(sleeper);
    expect(await receive(world, writer, packet)).toMatchObject({ kind: "accepted", sender: sleeper.id });
    expect(await receive(world, writer, packet)).toMatchObject({ reason: "already-buffered" });
  });

  test("is ignored if it names another leaf, one of another conversation, or none", async () => {
    for (const replaces of [[], [new Uint8Array(16)], [leafOf(target)], [leafOf(sleeper, "yard")]])
      expect(await receive(world, writer, await naming(sleeper, replaces))).toMatchObject({
        reason: "already-a-member",
      });
    expect(writer.state.rejoin.requested.size).toBe(0);
  });

  test("is ignored by its owner, which did not ask", async () => {
    expect(await receive(world, sleeper, await naming(sleeper))).toMatchObject({ reason: "own-message" });
  });

  test.each([
    ["quiet", 20 * 60_000],
    ["busy", 0],
  ])("takes no place of a member that is there, in a %s group: it shows itself", async (_, restMs) => {
    await runFor(world, restMs);
    if (restMs === 0) await send(world, sleeper, "hello");
    await settle(world);
    const at = epochOf(writer);
    const packet = await naming(sleeper);
    const seen = await Promise.all(world.members.map((member) => receive(world, member, packet)));
    expect(seen.filter(({ kind }) => kind === "accepted")).toHaveLength(world.members.length - 1);
    await runFor(world, 20 * 60_000);
    expect(eventsOf(writer, "memberRejoined")).toEqual([]);
    expect(world.members.map(epochOf)).toEqual(world.members.map(() => at));
  });

  test("makes its owner show itself three times a minute at most, and last of all after the last one", async () => {
    await runFor(world, 20 * 60_000);
    world.arrives = () => false;
    const shownAtMs: number[] = [];
    world.reads = ({ appId, subtopic }) => {
      if (appId === sleeper.appId && subtopic === REPAIR_SUBTOPIC) shownAtMs.push(world.nowMs);
    };
    const packet = await naming(sleeper);
    for (let second = 0; second < 60; second++) {
      await receive(world, sleeper, packet);
      await runFor(world, 1_000);
    }
    const lastAtMs = world.nowMs - 1_000;
    await runFor(world, 20_000);
    expect(shownAtMs.length).toBeLessThanOrEqual(6);
    expect(shownAtMs.at(-1)).toBeGreaterThanOrEqual(lastAtMs + 2_000);
  });

  test("waits for no commit while the removal of its owner is being voted on, and never after its approval", async () => {
    await ban(world, steward, sleeper);
    expect(await receive(world, steward, await naming(sleeper))).toMatchObject({ reason: "rejoin-blocked" });
    await runUntil(world, () => steward.state.changes.approved.length > 0);
    expect(await receive(world, steward, await naming(sleeper))).toMatchObject({ reason: "rejoin-blocked" });
    await runUntil(world, () => eventsOf(steward, "commitApplied").length > 0);
    expect(steward.state.group?.members).not.toContain(sleeper.id);
  });

  test("gives way to a removal that is proposed after it", async () => {
    const packet = await naming(sleeper);
    for (const member of [steward, writer, target]) await receive(world, member, packet);
    await ban(world, steward, sleeper);
    await runUntil(world, () => eventsOf(steward, "commitApplied").length > 0);
    expect(steward.state.group?.members).not.toContain(sleeper.id);
    expect(eventsOf(steward, "memberRejoined")).toEqual([]);
  });

  test("is committed together with approved changes, also past members that did not receive it", async () => {
    await receive(world, steward, await naming(sleeper));
    vanish(world, [sleeper]);
    await ban(world, steward, target);
    await runUntil(world, () =>
      [steward, writer].every((each) => eventsOf(each, "commitApplied").length > 0),
    );
    for (const member of [steward, writer]) {
      expect(eventsOf(member, "memberRejoined")).toEqual([{ kind: "memberRejoined", member: sleeper.id }]);
      expect(member.state.group?.members).not.toContain(target.id);
    }
    expect(shareEpoch([steward, writer])).toBe(true);
  });

  test("is announced again by an owner that has chosen the commit itself, and whose welcome was lost", async () => {
    const packet = await naming(sleeper);
    for (const member of [steward, writer, target]) await receive(world, member, packet);
    world.arrives = ({ from, to, packet: { subtopic } }) =>
      from !== sleeper && (to !== sleeper || subtopic === APP_MSG_SUBTOPIC);
    const others = [steward, writer, target];
    await runUntil(world, () => others.every((each) => eventsOf(each, "memberRejoined").length > 0));
    await runUntil(world, () => sleeper.state.repair.log.some(({ slot }) => slot.kind === "choice"));
    world.arrives = ({ packet: { subtopic } }) => subtopic !== WELCOME_SUBTOPIC;
    await runFor(world, 60_000);
    world.arrives = () => true;
    await runUntil(world, () => eventsOf(sleeper, "rejoined").length > 0, world.nowMs + 3_600_000);
    await runFor(world, 60_000);
    expect(shareEpoch(world.members)).toBe(true);
  });

  test("replaces no second leaf after its commit", async () => {
    const packet = await naming(sleeper);
    await receive(world, steward, packet);
    vanish(world, [sleeper]);
    await runUntil(world, () => eventsOf(steward, "memberRejoined").length > 0);
    for (const member of [steward, writer])
      expect(await receive(world, member, packet)).toMatchObject({ reason: "spent-key-package" });
    expect(await receive(world, steward, await naming(sleeper))).toMatchObject({
      reason: "already-a-member",
    });
  });

  test("is forgotten once its owner is heard: a later silence does not replace its leaf", async () => {
    const packet = await naming(sleeper);
    for (const member of [steward, writer, target]) await receive(world, member, packet);
    await runFor(world, 1_000);
    await send(world, sleeper, "I have caught up");
    await runFor(world, 30_000);
    await ban(world, steward, target);
    await runUntil(world, () =>
      [steward, writer, sleeper].every((each) => eventsOf(each, "commitApplied").length > 0),
    );
    vanish(world, [sleeper]);
    expect(await receive(world, steward, packet)).toMatchObject({ reason: "spent-key-package" });
    await runFor(world, 3_600_000);
    expect(eventsOf(steward, "memberRejoined")).toEqual([]);
  });

  test("carries out no approved removal of its owner", async () => {
    const packet = await naming(sleeper);
    for (const member of [steward, target]) await receive(world, member, packet);
    const removal = {
      proposalId: 77,
      request: { kind: "remove", member: sleeper.id },
      proposer: steward.id,
    } as const;
    alter(writer, "changes", { approved: [removal] });
    vanish(world, [sleeper]);
    await runUntil(world, () => eventsOf(writer, "memberRejoined").length > 0);
    expect(writer.state.changes.approved).toEqual([removal]);
    expect(eventsOf(writer, "commitApplied").map(({ changes }) => changes)).toEqual([[]]);
  });

  describe("that a hostile steward commits although its owner is there", () => {
    /** The others' epoch does not change by a commit that replaces the leaf of `sleeper` by this key package. */
    async function expectNoSwap(packet: Packet): Promise<void> {
      const swap = await forgedCommit(steward, [
        { kind: "remove", member: sleeper.id },
        { kind: "add", keyPackage: keyPackageIn(packet) },
      ]);
      const before = epochOf(writer);
      vanish(world, [steward]);
      for (const member of [writer, target]) await receive(world, member, candidatePacket(steward, swap));
      await runFor(world, 900_000);
      expect(epochOf(writer)).toBe(before);
      expect(eventsOf(writer, "memberRejoined")).toEqual([]);
    }

    test("is not merged after its owner was heard", async () => {
      const packet = await naming(sleeper);
      for (const member of [steward, writer, target]) await receive(world, member, packet);
      await runFor(world, 1_000);
      await send(world, sleeper, "I have caught up");
      await runFor(world, 1_000);
      await expectNoSwap(packet);
    });

    test("is not merged by members that have not received the announcement", async () => {
      const packet = await naming(sleeper);
      await runFor(world, 20_000);
      await send(world, sleeper, "I am here");
      await runFor(world, 1_000);
      await expectNoSwap(packet);
    });

    test("is not merged if it counts as spent", async () => {
      const packet = await naming(sleeper);
      const found = await writer.mls.inspectKeyPackage(keyPackageIn(packet));
      for (const member of [writer, target])
        alter(member, "admission", { spent: found.ok ? [found.reference] : [] });
      await expectNoSwap(packet);
    });
  });

  test("counts as spent once its owner is heard, as do its earlier ones", async () => {
    const packets = [await naming(sleeper), await naming(sleeper)];
    for (const packet of packets)
      for (const member of [steward, writer, target]) await receive(world, member, packet);
    await runFor(world, 1_000);
    await send(world, sleeper, "I have caught up");
    await runFor(world, 1_000);
    await ban(world, steward, target);
    await runUntil(world, () => eventsOf(writer, "commitApplied").length > 0);
    for (const packet of packets)
      expect(await receive(world, writer, packet)).toMatchObject({ reason: "spent-key-package" });
  });

  test("is not taken hours after it was made, if its owner was heard since", async () => {
    const packet = await naming(sleeper);
    await runFor(world, 3 * 3_600_000);
    await send(world, sleeper, "still here");
    await runFor(world, 1_000);
    const fresh = await naming(sleeper);
    expect(await receive(world, writer, packet)).toMatchObject({ reason: "rejoin-blocked" });
    expect(await receive(world, writer, fresh)).toMatchObject({ kind: "accepted" });
  });

  test("must name the leaf in the commit too: a hostile steward swaps no keys of a member", async () => {
    const { bytes: keyPackage } = await sleeper.mls.generateKeyPackage();
    const swap = await forgedCommit(steward, [
      { kind: "remove", member: sleeper.id },
      { kind: "add", keyPackage },
    ]);
    const before = epochOf(writer);
    for (const member of [writer, target]) await receive(world, member, candidatePacket(steward, swap));
    await runFor(world, 900_000);
    expect(epochOf(writer)).toBe(before);
    expect(eventsOf(writer, "memberRejoined")).toEqual([]);
  });

  test("is answered by no group of a stranger", async () => {
    await forgetCommit();
    world.arrives = ({ packet }) => packet.subtopic !== WELCOME_SUBTOPIC;
    await take(world, sleeper, { kind: "resumed" });
    await runUntil(world, () => sleeper.keyPackages.length > 0);
    const [own] = sleeper.keyPackages;
    const { world: fake } = await gather(["alice", "mallory"], { mode: "strict", fakes: true, seed: "fake" });
    const mallory = fake.members[1] as Member;
    const { groupId } = sleeper.state.group;
    const { candidate } = await mallory.mls.createCandidate({ ...mallory.state.group, groupId }, [
      { kind: "add", keyPackage: own?.bytes ?? new Uint8Array(0) },
    ]);
    const welcome = {
      ...keyPackagePacket(STRANGER, new Uint8Array(0)),
      payload: welcomePayload(candidate.welcome),
    };
    expect(await receive(world, sleeper, welcome)).toMatchObject({
      reason: "invalid-welcome",
      detail: "unknown-committer",
    });
    expect(sleeper.keyPackages).toEqual([own]);
    expect(eventsOf(sleeper, "diverged")).toHaveLength(1);
  });
});

function keyPackageIn({ payload }: Packet): Uint8Array {
  const decoded = decodeWelcomeMessage(payload);
  if (!decoded.ok || decoded.value.kind !== "user_key_package") throw new Error("unreachable");
  return decoded.value.keyPackageBytes;
}

function welcomePayload(mlsMessageOutBytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  return encodeWelcomeMessage({ kind: "invitation_to_join", mlsMessageOutBytes });
}

/** A repair packet that anyone who has seen the group's id can forge. */
function forgedRepair(of: Member): Packet {
  const groupId = hexToBytes(of.state.group.groupId) as Uint8Array;
  const keyId = new Uint8Array(12).fill(7);
  keyId.set(groupId.subarray(0, 4));
  const payload = encodeRepairPacket({ keyId, nonce: new Uint8Array(12), sealed: new Uint8Array(64) });
  return { ...packetOf(of, payload, REPAIR_SUBTOPIC), appId: STRANGER.appId };
}

describe("A stranger", () => {
  test("makes no member of a quiet group replace its leaf by forged packets", async () => {
    await runFor(world, 1_800_000);
    for (let round = 0; round < 10; round++) {
      for (const pauseMs of [55_000, 365_000]) {
        for (const member of world.members) await receive(world, member, forgedRepair(member));
        await runFor(world, pauseMs);
      }
    }
    for (const member of world.members) expect(member.state.rejoin.keyPackage).toBeUndefined();
  });

  test("keeps no member out by replays from its old epoch", async () => {
    const recorded: Packet[] = [];
    world.reads = (packet) => {
      if (packet.subtopic === REPAIR_SUBTOPIC) recorded.push({ ...packet, appId: STRANGER.appId });
    };
    await take(world, sleeper, { kind: "resumed" });
    await runFor(world, 30_000);
    world.reads = () => undefined;
    await forgetCommit();
    world.arrives = () => true;
    await take(world, sleeper, { kind: "resumed" });
    for (let minute = 0; minute < 30; minute++) {
      await send(world, writer, `minute ${minute}`);
      for (const packet of recorded) await receive(world, sleeper, packet);
      await runFor(world, 60_000);
    }
    expect(eventsOf(sleeper, "rejoined")).toHaveLength(1);
    expect(shareEpoch([steward, writer, sleeper])).toBe(true);
  });
});

describe("A member that entered its epoch with a majority", () => {
  test("follows none that was left behind, however long both are alone", async () => {
    await forgetCommit();
    vanish(world, [writer]);
    writer.wakeAtMs = undefined;
    await take(world, sleeper, { kind: "resumed" });
    for (let hour = 0; hour < 3; hour++) {
      await send(world, steward, `hour ${hour}`);
      await runFor(world, 1_800_000);
      await send(world, sleeper, `hour ${hour}`);
      await runFor(world, 1_800_000);
    }
    expect(eventsOf(steward, "rejoined")).toEqual([]);
    expect(steward.state.group?.members).not.toContain(target.id);
    expect(shareEpoch([steward, sleeper])).toBe(true);
  });

  test("rejects a welcome of a member's group from before, with a removed member", async () => {
    const former = writer.state.group;
    await ban(world, steward, target);
    await runUntil(world, () =>
      [steward, writer, sleeper].every((each) => eventsOf(each, "commitApplied").length > 0),
    );
    const keyPackage = await sleeper.mls.generateKeyPackage();
    sleeper.keyPackages = [keyPackage];
    alter(sleeper, "rejoin", { keyPackage: keyPackage.bytes });
    const { candidate } = await writer.mls.createCandidate(former, [
      { kind: "remove", member: sleeper.id },
      { kind: "add", keyPackage: keyPackage.bytes },
    ]);
    const welcome = {
      ...keyPackagePacket(STRANGER, new Uint8Array(0)),
      payload: welcomePayload(candidate.welcome),
    };
    expect(await receive(world, sleeper, welcome)).toMatchObject({
      reason: "invalid-welcome",
      detail: "past-epoch",
    });
    expect(sleeper.state.group?.members).not.toContain(target.id);
  });
});
