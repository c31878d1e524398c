import { decodeWelcomeMessage, encodeWelcomeMessage, type WelcomeMessage } from "@demls/wire";
import { hexToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ignored, verdictOf } from "../../src/model/inbound-outcome.js";
import { LIMITS } from "../../src/model/limits.js";
import {
  advance,
  announce,
  ban,
  broadcast,
  create,
  createWorld,
  enter,
  enterWorld,
  epochStewardOf,
  eventsOf,
  groupIdOf,
  isSynced,
  join,
  keyPackagePacket,
  packetOf,
  receive,
  send,
  settle,
  shareEpoch,
  STRANGER,
  textsOf,
  until,
  type Member,
  type World,
} from "../harness/index.js";
import { overhear, requestsIn } from "../lost-packets/material.js";

const OPTIONS = { fakes: true, mode: "strict" } as const;

let world: World;

beforeEach(() => {
  world = createWorld(OPTIONS);
});

/** A group with a founder and joiners that name it. */
async function found(founder: string, ...joiners: readonly string[]): Promise<Member[]> {
  const members = [await create(world, founder)];
  for (const name of joiners) members.push(await join(world, name, groupIdOf(members[0] as Member)));
  return members;
}

const isWhole = (members: readonly Member[]): boolean =>
  members.every(
    (member) =>
      member.state.phase === "working" &&
      isSynced(member) &&
      member.state.group?.members.length === members.length &&
      member.state.changes.approved.length === 0,
  ) && shareEpoch(members);

/** Welcome messages on the network from now on. */
function welcomesIn(world: World): Extract<WelcomeMessage, { kind: "invitation_to_join" }>[] {
  const found: Extract<WelcomeMessage, { kind: "invitation_to_join" }>[] = [];
  world.reads = ({ payload, subtopic }) => {
    const decoded = subtopic === WELCOME_SUBTOPIC && decodeWelcomeMessage(payload);
    if (decoded && decoded.ok && decoded.value.kind === "invitation_to_join") found.push(decoded.value);
  };
  return found;
}

const strangersPacket = (message: WelcomeMessage): Packet =>
  packetOf(STRANGER as Member, encodeWelcomeMessage(message), WELCOME_SUBTOPIC);

test("two groups of one name live side by side without a trace of each other", async () => {
  const overheard = overhear(world);
  const twin = await found("erin", "frank", "grace", "heidi");
  await until(world, () => isWhole(twin));
  // Its epochs are earlier than those of the twin.
  const garden = await found("alice", "bob", "carol", "dave");
  await until(world, () => isWhole(garden));

  const lives = [
    { members: garden, greeting: "in the garden" },
    { members: twin, greeting: "in its twin" },
  ];
  const ends = lives.map(({ members }) => members.at(-1) as Member);
  for (const { members, greeting } of lives) {
    await send(world, members[0] as Member, greeting);
    await ban(world, members[0] as Member, members.at(-1) as Member);
  }
  await until(world, () => ends.every(({ state }) => state.phase === "ended"));
  const staying = lives.map(({ members, greeting }) => ({ members: members.slice(0, -1), greeting }));
  await until(world, () => staying.every(({ members }) => isWhole(members)));

  for (const { members, greeting } of staying) {
    for (const reader of members.slice(1)) expect(textsOf(reader)).toEqual([greeting]);
    for (const member of members) {
      const told = new Set(member.events.map(({ kind }) => kind));
      for (const kind of ["error", "epochGap", "diverged", "missed", "ambiguousConversation"] as const)
        expect(told).not.toContain(kind);
      const refused = member.outcomes.flatMap((outcome) => (outcome.kind === "rejected" ? [outcome] : []));
      expect(refused).toEqual([]);
      expect(member.outcomes).toContainEqual({ kind: "ignored", reason: "other-group" });
    }
  }

  await advance(world, 600_000);
  overheard.length = 0;
  await advance(world, 3_600_000);
  expect(overheard.length).toBeGreaterThan(0);
  expect(requestsIn(overheard)).toEqual([]);
});

test("a packet of another group is passed on by peers: its members may have no other way", () => {
  expect(verdictOf(ignored("other-group"))).toBe("passed");
});

describe("A joiner that names its group", () => {
  test("is ignored by the other one of this name", async () => {
    const [alice, twin] = [...(await found("alice")), ...(await found("twin"))] as [Member, Member];
    const bob = await join(world, "bob", groupIdOf(alice));
    await settle(world);
    expect(twin.outcomes.at(-1)).toEqual({ kind: "ignored", reason: "other-group" });
    expect(twin.state.changes.pending.size).toBe(0);
    await until(world, () => isWhole([alice, bob]));
    expect(twin.state.group?.members).toEqual([twin.id]);
  });

  test.each([
    ["that says so", 0, (welcome: WelcomeMessage) => welcome],
    [
      "that hides it",
      1,
      (welcome: WelcomeMessage) => ({ ...welcome, groupId: new Uint8Array() }) as WelcomeMessage,
    ],
  ])(
    "ignores a welcome to another one %s, and its key package stays valid",
    async (_name, opened, changed) => {
      const [alice] = (await found("alice")) as [Member];
      const welcomes = welcomesIn(world);
      const twin = await create(world, "twin");
      const bob = await enterWorld(world, "bob", groupIdOf(alice));
      const keyPackage = await bob.mls.generateKeyPackage();
      bob.keyPackages = [keyPackage];
      world.arrives = ({ to, packet }) => to !== bob || packet.subtopic !== WELCOME_SUBTOPIC;
      // Without its group's id, as a hostile network could deliver it.
      broadcast(world, bob, keyPackagePacket(bob, keyPackage.bytes));
      await until(
        world,
        () => twin.state.group?.members.length === 2 && alice.state.group?.members.length === 2,
      );
      const idOf = (member: Member) => hexToBytes(groupIdOf(member))?.join();
      const toTwin = welcomes.find(({ groupId }) => groupId?.join() === idOf(twin)) as WelcomeMessage;
      const toAlice = welcomes.find(({ groupId }) => groupId?.join() === idOf(alice)) as WelcomeMessage;

      const open = vi.spyOn(bob.mls, "join");
      const outcome = await receive(world, bob, strangersPacket(changed(toTwin)));
      expect(open).toHaveBeenCalledTimes(opened);
      expect(outcome).toEqual({ kind: "ignored", reason: "other-group" });
      expect(bob.keyPackages).toEqual([keyPackage]);
      expect(await receive(world, bob, strangersPacket(toAlice))).toMatchObject({ kind: "accepted" });
      expect(groupIdOf(bob)).toBe(groupIdOf(alice));
    },
  );

  test("is not told of a second welcome, since it knows its group", async () => {
    const welcomes = welcomesIn(world);
    const garden = await found("alice", "bob");
    await until(world, () => isWhole(garden));
    const ofTwin = { ...(welcomes[0] as WelcomeMessage), groupId: Uint8Array.of(1) } as WelcomeMessage;
    const bob = garden[1] as Member;
    expect(await receive(world, bob, strangersPacket(ofTwin))).toMatchObject({ reason: "other-group" });
    expect(eventsOf(bob, "ambiguousConversation")).toEqual([]);
  });

  test("buffers no packet of another one before its welcome", async () => {
    const [alice, twin] = [...(await found("alice")), ...(await found("twin"))] as [Member, Member];
    world.arrives = ({ packet }) => packet.subtopic !== WELCOME_SUBTOPIC;
    const bob = await join(world, "bob", groupIdOf(alice));
    await send(world, twin, "not for you");
    await settle(world);
    expect(bob.outcomes).toEqual([{ kind: "ignored", reason: "other-group" }]);
    expect(bob.state.inbound.buffered).toEqual([]);
    await send(world, alice, "too early");
    await settle(world);
    expect(bob.state.inbound.buffered).toHaveLength(1);
  });
});

describe("A member that buffers a joiner whom another group of the name has added", () => {
  /** The buffered joiners of a member, after a key package and then a welcome for it to another group. */
  async function pendingAfter(named: boolean): Promise<readonly string[]> {
    const welcomes = welcomesIn(world);
    const [alice] = (await found("alice")) as [Member];
    const bob = await enterWorld(world, "bob", groupIdOf(alice));
    const { bytes: keyPackageBytes } = await announce(world, bob);
    const twin = await found("dora", "erin");
    await until(world, () => isWhole([alice, bob]) && isWhole(twin));
    // Until their elections are over.
    await advance(world, 60_000);
    const waiting = twin.find((member) => member !== epochStewardOf(world, member)) as Member;
    const groupId = named ? { groupId: hexToBytes(groupIdOf(waiting)) as Uint8Array } : {};
    await receive(world, waiting, strangersPacket({ kind: "user_key_package", keyPackageBytes, ...groupId }));
    expect([...waiting.state.changes.pending.keys()]).toEqual([bob.id]);
    await receive(world, waiting, strangersPacket(welcomes[0] as WelcomeMessage));
    return [...waiting.state.changes.pending.keys()];
  }

  test("drops it if it knew the name alone", async () => {
    expect(await pendingAfter(false)).toEqual([]);
  });

  test("keeps it if it named this group: anyone can claim a welcome", async () => {
    expect(await pendingAfter(true)).toHaveLength(1);
  });
});

test("A group id that is longer than any is rejected", async () => {
  const [alice] = (await found("alice")) as [Member];
  for (const length of [255, 256]) {
    const groupId = new Uint8Array(length);
    const claim = { kind: "user_key_package", keyPackageBytes: new Uint8Array(10), groupId } as const;
    expect(await receive(world, alice, strangersPacket(claim))).toMatchObject(
      length === 255 ? { reason: "other-group" } : { reason: "malformed-packet" },
    );
  }
});

describe("A joiner that knows the name alone", () => {
  test("is told the groups that have added it, once", async () => {
    const [alice, twin] = [...(await found("alice")), ...(await found("twin"))] as [Member, Member];
    const bob = await enter(world, "bob");
    const { bytes } = await announce(world, bob);
    await until(world, () => [alice, twin].every(({ state }) => state.group?.members.length === 2));
    await settle(world);
    const joinedFirst = groupIdOf(bob);
    const other = [alice, twin].map(groupIdOf).find((id) => id !== joinedFirst);
    const told = [{ kind: "ambiguousConversation", groupIds: [joinedFirst, other] }];
    expect(eventsOf(bob, "ambiguousConversation")).toEqual(told);
    // Its key package is delivered again, so that both send their welcomes again.
    await advance(world, 10_000);
    const seen = bob.outcomes.length;
    broadcast(world, bob, keyPackagePacket(bob, bytes));
    await settle(world);
    expect(bob.outcomes.slice(seen)).toHaveLength(2);
    expect(eventsOf(bob, "ambiguousConversation")).toEqual(told);
  });

  test("is told of nothing by a second welcome to its own group, or one for others", async () => {
    const welcomes = welcomesIn(world);
    const [alice] = (await found("alice")) as [Member];
    const bob = await join(world, "bob");
    await until(world, () => isWhole([alice, bob]));
    const [welcome] = welcomes as [Extract<WelcomeMessage, { kind: "invitation_to_join" }>];
    expect(await receive(world, bob, strangersPacket(welcome))).toMatchObject({ reason: "already-joined" });
    const carol = await join(world, "carol");
    await until(world, () => isWhole([alice, bob, carol]));
    const ofOthers = { ...(welcomes.at(-1) as typeof welcome), groupId: Uint8Array.of(1) };
    expect(await receive(world, bob, strangersPacket(ofOthers))).toMatchObject({ reason: "other-group" });
    expect(eventsOf(bob, "ambiguousConversation")).toEqual([]);
  });

  test("is told of at most eight groups, which anyone can claim", async () => {
    const welcomes = welcomesIn(world);
    const [alice] = (await found("alice")) as [Member];
    const bob = await join(world, "bob");
    await until(world, () => isWhole([alice, bob]));
    const [welcome] = welcomes as [WelcomeMessage];
    for (let i = 0; i < LIMITS.answeringGroups + 3; i++)
      await receive(world, bob, strangersPacket({ ...welcome, groupId: Uint8Array.of(i) } as WelcomeMessage));
    const told = eventsOf(bob, "ambiguousConversation");
    expect(told).toHaveLength(LIMITS.answeringGroups);
    expect(told.at(-1)?.groupIds).toHaveLength(LIMITS.answeringGroups + 1);
    expect(bob.state.sync.otherGroups).toHaveLength(LIMITS.answeringGroups);
  });
});
