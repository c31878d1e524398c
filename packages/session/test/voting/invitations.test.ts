import { issueInvitation, memberKey, redeemInvitation, type OfferedTerms } from "@demls/join";
import type { EpochRecord, InvitationState } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { createSeededRandom } from "@demls/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { stateAtFork } from "../../src/branches/at-fork.js";
import { admitInvited, type AdmissionPolicy } from "../../src/index.js";
import { LIMITS } from "../../src/model/limits.js";
import { invitationKeyOf } from "../../src/model/invitations.js";
import { judgeInvitation } from "../../src/voting/invitations.js";
import { adoptInvitations } from "../../src/voting/known-invitations.js";
import {
  additionOf,
  candidatePacket,
  command,
  eventsOf,
  forgedCommit,
  fork,
  gather,
  join,
  nowSeconds,
  receive,
  recordOf,
  required,
  sealed,
  settle,
  snapshotAt,
  stranger,
  type Member,
  type World,
} from "../harness/index.js";
import { transactionOf } from "../lost-packets/material.js";

const settled = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });

let world: World;
let alice: Member, bob: Member, carol: Member;

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob, carol] = world.members.map(required) as [Member, Member, Member];
});

interface Issued {
  readonly id: string;
  readonly secret: Uint8Array;
}

/** An invitation that a person signs. Its group may not know it. */
async function issue(inviter: Member, terms: Partial<OfferedTerms> = {}): Promise<Issued> {
  const group = { conversationName: "garden", groupId: alice.state.group.groupId };
  const options = { signer: inviter.signer, random: world.members[0]?.random ?? alice.random };
  const seconds = nowSeconds(world);
  const { invitation, secret } = await issueInvitation(
    { ...group, ...terms },
    { ...options, nowSeconds: seconds },
  );
  return { id: invitation.id, secret };
}

/** The invitation that a request with this redemption has at alice. */
async function taken(redemption: Uint8Array, keyPackage: Uint8Array): Promise<string | undefined> {
  const request = { kind: "add", member: memberIdFromBytes(stranger(1)), keyPackage, redemption } as const;
  return (await judgeInvitation(transactionOf(world, alice), request)).invitation?.id;
}

const RANDOM = createSeededRandom("nonces");
const KEY_PACKAGE = new Uint8Array(300).fill(7);

describe("A redemption is taken", () => {
  test("for the key package that it names, and no other", async () => {
    const { id, secret } = await issue(bob);
    const redemption = redeemInvitation(secret, KEY_PACKAGE, RANDOM);
    expect(await taken(redemption, KEY_PACKAGE)).toBe(id);
    expect(
      await taken(
        redemption,
        KEY_PACKAGE.map((byte) => byte + 1),
      ),
    ).toBeUndefined();
    expect(await taken(redemption.slice(1), KEY_PACKAGE)).toBeUndefined();
    expect(await taken(new Uint8Array(), KEY_PACKAGE)).toBeUndefined();
  });

  test.each<[string, Partial<OfferedTerms>]>([
    ["another group", { groupId: "00".repeat(16) }],
    ["a de-mls-3 conversation", { groupId: undefined }],
  ])("not for an invitation to %s", async (_case, terms) => {
    const { secret } = await issue(bob, terms);
    expect(await taken(redeemInvitation(secret, KEY_PACKAGE, RANDOM), KEY_PACKAGE)).toBeUndefined();
  });

  test("not from a stranger, in its own name or in that of a member", async () => {
    const erin = await join(world, "erin");
    const own = await issue(erin);
    expect(await taken(redeemInvitation(own.secret, KEY_PACKAGE, RANDOM), KEY_PACKAGE)).toBeUndefined();
    const signer = {
      identity: bob.signer.identity,
      sign: (message: Uint8Array) => erin.signer.sign(message),
    };
    const forged = await issue({ ...bob, signer });
    expect(await taken(redeemInvitation(forged.secret, KEY_PACKAGE, RANDOM), KEY_PACKAGE)).toBeUndefined();
  });

  test("for a quarter of an hour after its expiry", async () => {
    const { id, secret } = await issue(bob, { expiresAt: Number(nowSeconds(world)) + 60 });
    const redemption = redeemInvitation(secret, KEY_PACKAGE, RANDOM);
    world.nowMs += 960_000;
    expect(await taken(redemption, KEY_PACKAGE)).toBe(id);
    world.nowMs += 1_000;
    expect(await taken(redemption, KEY_PACKAGE)).toBeUndefined();
  });

  test("as long as its inviter is not about to be removed", async () => {
    const { id, secret } = await issue(bob);
    const redemption = redeemInvitation(secret, KEY_PACKAGE, RANDOM);
    expect(await taken(redemption, KEY_PACKAGE)).toBe(id);
    const { changes } = alice.state;
    const request = { kind: "remove", member: bob.id } as const;
    const removal = { proposalId: 7, request, proposer: alice.id };
    alice.state = { ...alice.state, changes: { ...changes, approved: [removal] } };
    expect(await taken(redemption, KEY_PACKAGE)).toBeUndefined();
  });

  test("if it was left out of the proposal of a joiner that this member has heard", async () => {
    const asking: AdmissionPolicy = admitInvited;
    for (const member of world.members) member.plugins = { ...member.plugins, admission: asking };
    const { id, secret } = await issue(bob);
    const dave = await join(world, "dave");
    const keyPackage = dave.keyPackages[0]?.bytes ?? new Uint8Array();
    const redemption = redeemInvitation(secret, keyPackage, RANDOM);
    await command(world, dave, { kind: "announceKeyPackage", keyPackage, redemption });
    await settle(world);
    const request = { kind: "add", member: dave.id, keyPackage } as const;
    expect((await judgeInvitation(transactionOf(world, carol), request)).invitation?.id).toBe(id);
  });
});

describe("The members' notice of an invitation", () => {
  const notice = (twist: object = {}) => ({
    kind: "invitation_notice" as const,
    ...{ id: new Uint8Array(8).fill(1), expiresAt: 0n, revoked: false, memberKey: new Uint8Array(32) },
    ...twist,
  });

  test("is about the sender's own, whatever id it names", async () => {
    const { id, secret } = await issue(bob);
    const { expiresAt } = notice();
    await command(world, bob, { kind: "shareInvitation", id, expiresAt, memberKey: memberKey(secret) });
    await settle(world);
    const bytes = Uint8Array.from(id.match(/../g) ?? [], (digits) => parseInt(digits, 16));
    const theft = notice({ id: bytes, revoked: true, memberKey: new Uint8Array() });
    expect(await receive(world, alice, await sealed(carol, theft))).toMatchObject({ kind: "accepted" });
    expect(await taken(redeemInvitation(secret, KEY_PACKAGE, RANDOM), KEY_PACKAGE)).toBe(id);
    expect(alice.state.invitations.known.size).toBe(2);
  });

  test.each([
    ["an id of another length", { id: new Uint8Array(7) }],
    ["a key of another length", { memberKey: new Uint8Array(31) }],
  ])("is rejected with %s", async (_case, twist) => {
    const outcome = await receive(world, alice, await sealed(carol, notice(twist)));
    expect(outcome).toMatchObject({ kind: "rejected", reason: "malformed-message", sender: carol.id });
    expect(alice.state.invitations.known.size).toBe(0);
  });

  test("takes the key away once it is revoked, in either order", async () => {
    const revoked = notice({ revoked: true, memberKey: new Uint8Array() });
    for (const order of [
      [notice(), revoked],
      [revoked, notice()],
    ]) {
      ({ world } = await fork(settled.world));
      [alice, bob, carol] = world.members.map(required) as [Member, Member, Member];
      for (const each of order) await receive(world, alice, await sealed(carol, each));
      expect([...alice.state.invitations.known.values()]).toEqual([
        expect.objectContaining({ revoked: true, memberKey: new Uint8Array() }),
      ]);
    }
  });
});

/** An invitation of a stranger. */
function stateOf(index: number, twist: Partial<InvitationState> = {}): InvitationState {
  const id = new Uint8Array(8);
  new DataView(id.buffer).setUint32(0, index);
  return {
    ...{ inviter: stranger(1), id, expiresAt: 0n, uses: 0, revoked: false, memberKey: new Uint8Array() },
    ...twist,
  };
}

describe("A member that learns of invitations", () => {
  const learn = (invitations: readonly InvitationState[]): void => {
    const tx = transactionOf(world, alice);
    adoptInvitations(tx, invitations);
    alice.state = tx.state;
  };
  const later = (seconds: number): bigint => nowSeconds(world) + BigInt(seconds);

  const has = (invitation: InvitationState): boolean =>
    alice.state.invitations.known.has(
      invitationKeyOf({
        inviter: memberIdFromBytes(invitation.inviter),
        id: Buffer.from(invitation.id).toString("hex"),
      }),
    );
  const notify = async (
    inviter: Member,
    index: number,
    twist: Partial<InvitationState> = {},
  ): Promise<void> => {
    const { inviter: _inviter, uses: _uses, ...notice } = stateOf(index, twist);
    await receive(world, alice, await sealed(inviter, { kind: "invitation_notice", ...notice }));
  };
  const of = (inviter: Member, index: number): InvitationState =>
    stateOf(index, { inviter: memberIdToBytes(inviter.id) });

  test("evicts for a notice one of the inviter with the most: an unused one, the one that expires first", async () => {
    for (const index of [0, 1]) await notify(bob, index, { expiresAt: later(1) });
    await notify(carol, 0, { expiresAt: later(2), revoked: true });
    const many = LIMITS.knownInvitations - 3;
    for (let index = 1; index <= many; index++) await notify(carol, index, { expiresAt: later(100 + index) });
    expect(alice.state.invitations.known.size).toBe(LIMITS.knownInvitations);
    await notify(bob, 2);
    expect(alice.state.invitations.known.size).toBe(LIMITS.knownInvitations);
    expect([of(bob, 0), of(bob, 1), of(bob, 2), of(carol, 0), of(carol, 2)].every(has)).toBe(true);
    expect(has(of(carol, 1))).toBe(false);
  });

  test("evicts one that others have told of before those that it has seen of the same inviter", async () => {
    const told = stateOf(999, { inviter: memberIdToBytes(carol.id), uses: 1 });
    learn([told, stateOf(1)]);
    for (let index = 0; index < LIMITS.knownInvitations - 2; index++) await notify(carol, index);
    expect(has(told)).toBe(true);
    await notify(bob, 1);
    expect([has(told), has(stateOf(1)), has(of(carol, 0)), has(of(bob, 1))]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test("believes the key of the inviter's notice more than one that others have told", async () => {
    const [forged, genuine] = [new Uint8Array(32).fill(9), new Uint8Array(32).fill(1)];
    learn([stateOf(7, { inviter: memberIdToBytes(carol.id), memberKey: forged })]);
    await notify(carol, 7, { memberKey: genuine });
    expect([...alice.state.invitations.known.values()]).toMatchObject([{ memberKey: genuine, told: false }]);
  });

  test("takes no use back for a notice of its inviter that comes later, or again", async () => {
    learn([stateOf(7, { inviter: memberIdToBytes(carol.id), uses: 1 })]);
    for (let times = 0; times < 2; times += 1) {
      await notify(carol, 7);
      expect([...alice.state.invitations.known.values()]).toMatchObject([{ uses: 1, told: false }]);
    }
  });

  test("evicts none that it knows for one that others tell of, and takes an unknown one no longer for good", async () => {
    const { id, secret } = await issue(bob);
    const redemption = redeemInvitation(secret, KEY_PACKAGE, RANDOM);
    for (let index = 0; index < LIMITS.knownInvitations - 1; index++) await notify(carol, index);
    expect(await taken(redemption, KEY_PACKAGE)).toBe(id);
    await notify(carol, LIMITS.knownInvitations);
    expect(await taken(redemption, KEY_PACKAGE)).toBeUndefined();
    const before = alice.state.invitations.known;
    learn([stateOf(999)]);
    expect(alice.state.invitations.known).toEqual(before);
    await command(world, bob, { kind: "shareInvitation", id, expiresAt: 0n, memberKey: memberKey(secret) });
    await settle(world);
    expect(await taken(redemption, KEY_PACKAGE)).toBe(id);
  });

  test("drops the expired ones, a quarter of an hour later", () => {
    learn([stateOf(1, { expiresAt: later(0) })]);
    world.nowMs += 900_000;
    learn([stateOf(2)]);
    expect(alice.state.invitations.known.size).toBe(2);
    world.nowMs += 1_000;
    learn([stateOf(3)]);
    expect(alice.state.invitations.known.size).toBe(2);
  });

  test("keeps the larger number of uses, and the key that it was told first", () => {
    const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    learn([stateOf(1, { uses: 2, memberKey: first })]);
    learn([stateOf(1, { uses: 1, memberKey: second })]);
    expect([...alice.state.invitations.known.values()]).toEqual([
      expect.objectContaining({ uses: 2, memberKey: first }),
    ]);
  });

  test("keeps them on its return to a fork", () => {
    const kept = { state: alice.state, heard: [], atMs: 0, merged: "" } as never;
    learn([stateOf(1)]);
    expect(stateAtFork(transactionOf(world, alice), kept).invitations.known.size).toBe(1);
  });

  test.each<[string, () => readonly InvitationState[]]>([
    [
      "more invitations than members keep",
      () => Array.from({ length: LIMITS.knownInvitations + 1 }, (_, i) => stateOf(i)),
    ],
    ["an id of another length", () => [stateOf(1, { id: new Uint8Array(9) })]],
    ["the identity of an inviter that is too long", () => [stateOf(1, { inviter: new Uint8Array(65) })]],
    ["more uses than an invitation can have", () => [stateOf(1, { uses: 65_536 })]],
    ["a key of another length", () => [stateOf(1, { memberKey: new Uint8Array(33) })]],
  ])("accepts no commit whose record has %s", async (_case, invitations) => {
    const twist = ({ state, ...rest }: EpochRecord): EpochRecord => ({
      ...rest,
      state: { ...state, invitations: invitations() },
    });
    const { keyPackage } = await additionOf(world, stranger(1), "one");
    const commit = await forgedCommit(alice, [{ kind: "add", keyPackage }], await recordOf(alice, twist));
    expect(await receive(world, bob, candidatePacket(alice, commit))).toMatchObject({
      kind: "rejected",
      detail: "unreadable-record",
    });
  });
});

test("A member shows its invitations and those of the others, without their keys", async () => {
  const { id, secret } = await issue(bob);
  await command(world, bob, { kind: "shareInvitation", id, expiresAt: 0n, memberKey: memberKey(secret) });
  await settle(world);
  const shown = { inviter: bob.id, id, expiresWallMs: undefined, uses: 0, revoked: false };
  for (const member of world.members) expect(snapshotAt(member).invitations).toEqual([shown]);
  expect(eventsOf(alice, "error")).toEqual([]);
});
