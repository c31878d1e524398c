import type { Ban as WireBan, EpochRecord, InvitationState } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ban } from "../../src/model/bans.js";
import { LIMITS } from "../../src/model/limits.js";
import { invitationKeyOf, type KnownInvitation } from "../../src/model/invitations.js";
import {
  alter,
  ban,
  candidatePacket,
  command,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  nowSeconds,
  receive,
  recordOf,
  required,
  runFor,
  runUntil,
  sealed,
  snapshotAt,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);
// Erin is banned, and the others know two invitations of bob: one is used up, one revoked.
await (async () => {
  const { world } = settled;
  const [alice, bob, carol, dave, erin] = world.members.map(required) as [Member, ...Member[]];
  const proposalId = await ban(world, alice, required(erin));
  await until(world, () =>
    eventsOf(required(carol), "voteRequested").some((asked) => asked.proposalId === proposalId),
  );
  for (const member of [bob, carol, dave]) await vote(world, required(member), proposalId, true);
  await until(world, () => required(erin).state.phase === "ended");
  for (const index of [1, 2]) await receiveNotice(world, required(bob), index, {});
  await receiveNotice(world, required(bob), 2, { revoked: true, memberKey: new Uint8Array() });
  for (const member of [alice, bob, carol, dave].map(required)) {
    const { known } = member.state.invitations;
    const used = [...known].map(([key, each]): [string, KnownInvitation] => [
      key,
      each.revoked ? each : { ...each, uses: 1 },
    ]);
    alter(member, "invitations", { known: new Map(used) });
  }
  await runFor(world, 120_000);
})();

let world: World;
let alice: Member, bob: Member, carol: Member, dave: Member, erin: Member;
let others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob, carol, dave, erin] = world.members.map(required) as [Member, Member, Member, Member, Member];
  others = [bob, carol, dave];
});

/** Id of the `index`th invitation. */
function idOf(index: number): Uint8Array {
  const id = new Uint8Array(8);
  new DataView(id.buffer).setUint32(0, index);
  return id;
}

async function receiveNotice(where: World, inviter: Member, index: number, twist: object): Promise<void> {
  const notice = { id: idOf(index), expiresAt: 0n, revoked: false, memberKey: new Uint8Array(32).fill(1) };
  const packet = await sealed(inviter, { kind: "invitation_notice", ...notice, ...twist });
  for (const member of where.members)
    if (member.state.phase !== "ended") await receive(where, member, packet);
  const known = where.members.find((member) => member !== inviter)?.state.invitations.known;
  if (known !== undefined) alter(inviter, "invitations", { known });
}

function stated(inviter: Uint8Array, index: number, twist: Partial<InvitationState> = {}): InvitationState {
  return {
    ...{ inviter, id: idOf(index), expiresAt: 0n, uses: 0, revoked: false, memberKey: new Uint8Array() },
    ...twist,
  };
}

function banOfStranger(index: number, twist: Partial<WireBan> = {}): WireBan {
  const member = new Uint8Array(20).fill(0x55);
  new DataView(member.buffer).setUint32(0, index);
  return { member, epoch: 1n, until: nowSeconds(world) + 86_400n * 29n, lifted: false, ...twist };
}

interface Told {
  readonly invitations?: readonly InvitationState[];
  readonly bans?: readonly WireBan[];
}

/** Has a member renew its keys by a commit whose record tells `told` besides or instead of what it knows. */
async function renewWith(author: Member, told: Told): Promise<void> {
  const { epoch } = author.state.group;
  const memoryMs = BigInt(author.state.config.banMemoryMs);
  const twist = ({ state, ...rest }: EpochRecord): EpochRecord => ({
    ...rest,
    state: {
      ...state,
      ...(told.invitations && { invitations: told.invitations }),
      ...(told.bans && { banMemory: { memoryMs, bans: told.bans } }),
    },
  });
  const commit = await forgedCommit(author, [], await recordOf(author, twist));
  const packet = candidatePacket(author, commit);
  const readers = world.members.filter(({ state, id }) => state.phase !== "ended" && id !== author.id);
  for (const member of readers)
    expect(await receive(world, member, packet)).toMatchObject({ kind: "accepted" });
  await runUntil(world, () => readers.every(({ state }) => state.group.epoch > epoch));
}

/** The renewals of one member are apart. */
const rest = (): Promise<void> => runFor(world, LIMITS.keyRenewalIntervalMs);

const keyOf = (inviter: MemberId, index: number): string =>
  invitationKeyOf({ inviter, id: Buffer.from(idOf(index)).toString("hex") });

/** 128 made-up invitations and 256 made-up bans. */
function flood(inviterOf: (index: number) => Uint8Array = () => memberIdToBytes(carol.id)): Required<Told> {
  return {
    invitations: Array.from({ length: LIMITS.knownInvitations }, (_, index) =>
      stated(inviterOf(index), 1_000 + index),
    ),
    bans: Array.from({ length: LIMITS.bans }, (_, index) => banOfStranger(index, { until: 2n ** 60n })),
  };
}

describe("The record of a commit", () => {
  test.each([
    ["of one member", undefined],
    ["of strangers", (index: number) => banOfStranger(index).member],
  ])(
    "pushes out nothing that members know, with 128 invitations %s and 256 bans",
    async (_whose, inviterOf) => {
      const before = bob.state.invitations.known;
      await renewWith(alice, flood(inviterOf));
      for (const member of others) {
        const { known } = member.state.invitations;
        for (const [key, invitation] of before) expect(known.get(key)).toEqual(invitation);
        expect(snapshotAt(member).bans.map(({ member: id }) => id)).toContain(erin.id);
        // Those of strangers let nobody in, so that they need no room.
        expect(known.size - before.size).toBe(inviterOf === undefined ? LIMITS.toldInvitations : 0);
        expect(member.state.bans.members.size - 1).toBe(LIMITS.toldBans);
      }
    },
  );

  test("has each change that it makes in an event, which names its author", async () => {
    const before = bob.state;
    await renewWith(alice, flood());
    for (const member of others) {
      const [event, ...more] = eventsOf(member, "learned");
      expect(more).toEqual([]);
      const { known } = member.state.invitations;
      const isNew = (key: string): boolean => !before.invitations.known.has(key);
      const added = [...known].flatMap(([key, { inviter, id }]) => (isNew(key) ? [{ inviter, id }] : []));
      expect(event?.by).toBe(alice.id);
      expect(event?.invitations.map(({ inviter, id }) => ({ inviter, id })).toSorted(byId)).toEqual(
        added.toSorted(byId),
      );
      const banned = [...member.state.bans.members.keys()].filter((id) => !before.bans.members.has(id));
      expect(event?.bans.toSorted()).toEqual(banned.toSorted());
    }
  });

  test("revives no invitation that is revoked or used up", async () => {
    const fresh = [1, 2].map((index) => stated(memberIdToBytes(bob.id), index));
    await renewWith(alice, { invitations: fresh });
    for (const member of others) {
      const { known } = member.state.invitations;
      expect(known.get(keyOf(bob.id, 1))?.uses).toBe(1);
      expect(known.get(keyOf(bob.id, 2))?.revoked).toBe(true);
    }
  });

  test("takes back no use with a revocation", async () => {
    const revoked = stated(memberIdToBytes(bob.id), 1, { revoked: true });
    await renewWith(alice, { invitations: [revoked] });
    for (const member of others)
      expect(member.state.invitations.known.get(keyOf(bob.id, 1))).toMatchObject({ uses: 1, revoked: true });
  });

  test("revives none after another one has left it out", async () => {
    await renewWith(alice, { invitations: [] });
    await rest();
    await renewWith(alice, { invitations: [1, 2].map((index) => stated(memberIdToBytes(bob.id), index)) });
    for (const member of others) {
      expect(member.state.invitations.known.get(keyOf(bob.id, 1))?.uses).toBe(1);
      expect(member.state.invitations.known.get(keyOf(bob.id, 2))?.revoked).toBe(true);
    }
  });

  test("ends no ban: neither as lifted, nor as one of a later removal, nor by leaving it out", async () => {
    const identity = memberIdToBytes(erin.id);
    const known = bob.state.bans.members.get(erin.id) as Ban;
    const lifted = { member: identity, epoch: known.epoch, until: known.until, lifted: true };
    const later = { ...lifted, epoch: alice.state.group.epoch };
    const ended = { ...lifted, lifted: false, until: nowSeconds(world) + 1n };
    for (const bans of [[lifted], [later], [ended], [], [lifted]]) {
      await renewWith(alice, { bans });
      for (const member of others)
        expect(snapshotAt(member).bans.map(({ member: id }) => id)).toEqual([erin.id]);
      await rest();
    }
    expect(others.flatMap((member) => eventsOf(member, "unbanned"))).toEqual([]);
  });

  test("tells a member in a few commits all that it has missed, whoever commits", async () => {
    const before = carol.state.invitations;
    const missed = Array.from({ length: 2 * LIMITS.toldInvitations }, (_, index) => index + 10);
    for (const index of missed)
      await receiveNotice(world, bob, index, { revoked: index % 2 === 0, memberKey: new Uint8Array() });
    alter(carol, "invitations", { known: before.known });
    for (const author of [alice, dave, alice]) {
      const { epoch } = carol.state.group;
      await command(world, author, { kind: "renewKeys" });
      await runUntil(world, () => [alice, bob, carol, dave].every(({ state }) => state.group.epoch > epoch));
      await rest();
    }
    const revoked = (member: Member): unknown =>
      [...member.state.invitations.known.values()]
        .map(({ inviter, id, revoked: isRevoked }) => ({ inviter, id, isRevoked }))
        .toSorted(byId);
    expect(revoked(carol)).toEqual(revoked(bob));
    const learned = eventsOf(carol, "learned").flatMap(({ invitations }) => invitations);
    // Bob tells of one again, with a new list of his deputies.
    expect(learned.length).toBeGreaterThanOrEqual(missed.length - 1);
    for (const member of [alice, bob, dave]) expect(eventsOf(member, "learned")).toEqual([]);
  });

  test("takes, in any number of commits, nothing from a member's memory", async () => {
    const entry = fc.record({
      index: fc.integer({ min: 0, max: 4 }),
      uses: fc.integer({ min: 0, max: 2 }),
      revoked: fc.boolean(),
      expiresAt: fc.constantFrom(0n, 1n, 4_000_000_000n),
    });
    const start = world;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (drawn) => {
        ({ world } = await fork(start));
        [alice, bob, carol, dave, erin] = world.members.map(required) as [
          Member,
          Member,
          Member,
          Member,
          Member,
        ];
        const before = bob.state.invitations.known;
        const distinct = [...new Map(drawn.map((each) => [each.index, each])).values()];
        await renewWith(alice, {
          invitations: distinct.map(({ index, ...twist }) => stated(memberIdToBytes(bob.id), index, twist)),
        });
        for (const member of [bob, carol, dave])
          for (const [key, { uses, revoked }] of before) {
            const after = member.state.invitations.known.get(key);
            expect(after?.uses).toBeGreaterThanOrEqual(uses);
            expect(after?.revoked || !revoked).toBe(true);
          }
      }),
      { numRuns: 20 },
    );
  });
});

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
