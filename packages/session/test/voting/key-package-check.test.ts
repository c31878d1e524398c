import type { OwnKeyPackage } from "@demls/mls";
import { hexToBytes, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import {
  advance,
  announce,
  create,
  createWorld,
  enter,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  join,
  keyPackagePacket,
  propose,
  receive,
  refusalsOf,
  sendUnchecked,
  settle,
  shareEpoch,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const { key_packages: recorded } = loadVectors<{
  readonly key_packages: readonly {
    readonly owner: string;
    readonly identity: string;
    readonly hex: string;
  }[];
}>("08_mls.json");

const settled = await gather(["alice", "bob", "carol"]);

function bytes(hex: string): Uint8Array {
  return hexToBytes(hex) ?? expect.fail(`Not hex: ${hex}`);
}

/** The settled conversation, and a non-member with a key package. */
async function withStranger(): Promise<{
  world: World;
  members: readonly Member[];
  stranger: Member;
  keyPackage: OwnKeyPackage;
}> {
  const { world } = await fork(settled.world);
  const members = [...world.members];
  const stranger = await enter(world, "stranger");
  return { world, members, stranger, keyPackage: await stranger.mls.generateKeyPackage() };
}

describe("a key package", () => {
  test("a member's is ignored", async () => {
    const { world, members } = await withStranger();
    const [alice, bob] = members as [Member, Member];
    const keyPackage = await bob.mls.generateKeyPackage();
    expect(await receive(world, alice, keyPackagePacket(bob, keyPackage.bytes))).toEqual({
      kind: "ignored",
      reason: "already-a-member",
    });
  });

  test("the same one twice is buffered once, and opens one vote", async () => {
    const { world, members, stranger, keyPackage } = await withStranger();
    const packet = keyPackagePacket(stranger, keyPackage.bytes);
    for (const member of members) {
      expect(await receive(world, member, packet)).toMatchObject({ kind: "accepted", what: "keyPackage" });
      expect(await receive(world, member, packet)).toEqual({ kind: "ignored", reason: "already-buffered" });
    }
    await settle(world);
    for (const member of members) expect(eventsOf(member, "voteRequested")).toHaveLength(1);
  });

  test("the second of one joiner, proposed while the first is open, is voted no (W10)", async () => {
    const { world, members, stranger, keyPackage } = await withStranger();
    const [alice, bob, carol] = members as [Member, Member, Member];
    const identity = memberIdToBytes(stranger.id);
    await propose(
      world,
      alice,
      { kind: "add", keyPackage: keyPackage.bytes, member: memberIdFromBytes(identity) },
      "deferred",
    );
    await settle(world);
    const second = await stranger.mls.generateKeyPackage();
    const request = { kind: "add", keyPackage: second.bytes, member: memberIdFromBytes(identity) } as const;
    await expect(propose(world, bob, request)).rejects.toMatchObject({ code: "already-proposed" });
    await sendUnchecked(world, bob, { kind: "proposal", proposal: forgedProposal(world, bob, request) });
    await settle(world);
    for (const member of [alice, carol]) {
      expect(eventsOf(member, "voteRequested").map(({ defaultVote }) => defaultVote)).toEqual([true, false]);
    }
  });

  test.each([
    ["voted no the second time, and its owner joins by the first", undefined],
    ["harmless here where hands vote it in twice", true],
  ])("the very same one proposed twice is %s (W10)", async (_outcome, byHand) => {
    const { world, members, stranger, keyPackage } = await withStranger();
    const [alice, bob, carol] = members as [Member, Member, Member];
    stranger.keyPackages = [keyPackage];
    const identity = memberIdToBytes(stranger.id);
    const request = {
      kind: "add",
      keyPackage: keyPackage.bytes,
      member: memberIdFromBytes(identity),
    } as const;
    await propose(world, alice, request, "deferred");
    const again = forgedProposal(world, bob, request);
    await sendUnchecked(world, bob, { kind: "proposal", proposal: again });
    await settle(world);
    expect(eventsOf(carol, "voteRequested").map(({ defaultVote }) => defaultVote)).toEqual([true, false]);
    if (byHand) for (const member of [alice, carol]) await vote(world, member, again.proposalId, true);
    await until(world, () => stranger.state.phase === "working");
    expect(shareEpoch([...members, stranger])).toBe(true);
    const results = eventsOf(carol, "proposalDecided").filter(
      ({ proposalId }) => proposalId === again.proposalId,
    );
    expect(results).toMatchObject([{ result: byHand ? "yes" : "no" }]);
  });
});

describe("strict and mixed groups", () => {
  test("the recorded key packages of 3.0.0 are two", () => {
    expect(recorded.map(({ owner }) => owner)).toEqual(["bob", "carol"]);
  });

  test.each(recorded)("a mixed group takes the 3.0.0 key package of $owner", async ({ hex, identity }) => {
    const world = createWorld();
    const alice = await create(world, "alice");
    const nobody = { appId: new Uint8Array(16) };
    expect(await receive(world, alice, keyPackagePacket(nobody, bytes(hex)))).toMatchObject({
      kind: "accepted",
      what: "keyPackage",
    });
    expect([...alice.state.changes.pending.keys()]).toEqual([memberIdFromBytes(bytes(identity))]);
  });

  test.each(recorded)(
    "a strict group refuses the 3.0.0 key package of $owner and says why",
    async ({ hex }) => {
      const world = createWorld({ mode: "strict" });
      const alice = await create(world, "alice");
      expect(await refusalsOf(world, [alice], bytes(hex))).toEqual(new Set(["missing-required-capability"]));
    },
  );

  test.each(["json", "tls"] as const)("a strict group takes ours, in %s form", async (keyPackageEncoding) => {
    const world = createWorld({ mode: "strict", keyPackageEncoding });
    const alice = await create(world, "alice");
    const bob = await join(world, "bob");
    await until(world, () => bob.state.phase === "working");
    expect(shareEpoch([alice, bob])).toBe(true);
    expect([alice.state.mode, bob.state.mode]).toEqual(["strict", "strict"]);
  });

  test("a joiner learns the mode from the group", async () => {
    const world = createWorld({ mode: "de-mls-3" });
    await create(world, "alice");
    const bob = await join(world, "bob");
    bob.state = { ...bob.state, mode: "strict" };
    await until(world, () => bob.state.phase === "working");
    expect(bob.state.mode).toBe("de-mls-3");
  });
});

describe("a welcome", () => {
  test("for others is ignored, and a later one for oneself is taken", async () => {
    const { world, members, stranger } = await withStranger();
    const late = await enter(world, "late");
    await announce(world, stranger);
    await until(world, () => stranger.state.phase === "working");
    expect(late.outcomes).toContainEqual({ kind: "ignored", reason: "welcome-for-others" });
    expect(late.state.phase).toBe("pending-join");
    await announce(world, late);
    await until(world, () => late.state.phase === "working");
    expect(shareEpoch([...members, stranger, late])).toBe(true);
  });

  test("is ignored by a member, and the key package that it used is gone", async () => {
    const { world, members, stranger } = await withStranger();
    await announce(world, stranger);
    await until(world, () => stranger.state.phase === "working");
    await advance(world, 1);
    expect(stranger.keyPackages).toEqual([]);
    const ignorers = members.filter(({ outcomes }) =>
      outcomes.some((outcome) => outcome.kind === "ignored" && outcome.reason === "already-joined"),
    );
    expect(ignorers).toHaveLength(members.length - 1);
  });
});
