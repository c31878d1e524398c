import { parseInvitation, type IssuedInvitation } from "@demls/join";
import { createMemoryStorage } from "@demls/storage-memory";
import { decodeWelcomeMessage } from "@demls/wire";
import { WELCOME_SUBTOPIC } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  admitAll,
  admitInvited,
  askAlways,
  createUserFrom,
  type AdmissionPolicy,
  type Conversation,
  type JoinRequest,
} from "../../src/index.js";
import { createScene, expectMistake, until, type Person, type Scene } from "../harness/index.js";

const DAY_MS = 86_400_000;

let scene: Scene;
let policy: AdmissionPolicy;
let requests: JoinRequest[];

beforeEach(() => {
  policy = admitAll;
  requests = [];
});

afterEach(() => scene.close());

const enter = (name: string, storage = createMemoryStorage()): Promise<Person> =>
  scene.enter(name, storage, {
    admission: (request) => {
      requests.push(request);
      return policy(request);
    },
  });

/** Alice and bob in a garden, whose members ask about strangers. */
async function gathered(fakes = true): Promise<{
  readonly alice: Person;
  readonly bob: Person;
  readonly gardens: readonly [Conversation, Conversation];
}> {
  scene = createScene({ seed: "invitations", fakes });
  const [alice, bob] = [await enter("alice"), await enter("bob")];
  const gardens = await scene.gather("garden", alice, bob);
  policy = admitInvited;
  requests = [];
  return { alice, bob, gardens };
}

/** The packets that have announced a key package. */
const announced = ({ attempts }: Pick<Person["transport"], "attempts">): readonly Uint8Array[] =>
  attempts.flatMap(({ packet }) => (packet.subtopic === WELCOME_SUBTOPIC ? [packet.payload] : []));

const isIn = ({ state }: Conversation): boolean => state.phase === "working";
const nowSeconds = (): number => Math.floor(scene.clock.wallMs() / 1_000);

describe("The holder of an invitation", () => {
  test("joins without being asked about, and the members know who has invited it", async () => {
    const { alice, gardens } = await gathered(false);
    const { line, invitation } = await gardens[0].createInvitation({ note: "the herb bed" });
    const carol = await enter("carol");
    const joining = await carol.user.join(` ${line}\n`).conversation;
    await until(scene, () => isIn(joining));
    expect(joining.state.groupId).toBe(gardens[0].state.groupId);
    expect(
      requests.filter(({ joiner }) => joiner === carol.id).map((asked) => asked.invitation),
    ).toContainEqual({
      ...{ inviter: alice.id, id: invitation.id, note: "the herb bed" },
    });
  });

  test("joins while its inviter is away", async () => {
    const { gardens } = await gathered();
    const first = await gardens[1].createInvitation();
    const [carol, dave] = [await enter("carol"), await enter("dave")];
    const carols = await carol.user.join(first.line).conversation;
    await until(scene, () => isIn(carols));
    await scene.clock.advance(60_000);
    const { line } = await carols.createInvitation();
    await carol.user.close();
    const joining = await dave.user.join(line).conversation;
    await until(scene, () => isIn(joining));
  });

  test("is one guest, within a week, if its inviter says nothing else", async () => {
    const { gardens } = await gathered();
    const { line, invitation } = await gardens[0].createInvitation();
    expect(invitation).toMatchObject({ uses: 1, expiresAt: nowSeconds() + 7 * 86_400 });
    const [carol, dave] = [await enter("carol"), await enter("dave")];
    const joined = await carol.user.join(line).conversation;
    await until(scene, () => isIn(joined) && gardens.every(({ state }) => state.invitations[0]?.uses === 1));
    const asking = await dave.user.join(line).conversation;
    await until(scene, () => gardens.every(({ state }) => state.requests.length === 1));
    expect(isIn(asking)).toBe(false);
  });

  test("is asked about, with its inviter, by a policy that asks", async () => {
    const { bob, gardens } = await gathered();
    policy = askAlways;
    const { line } = await gardens[1].createInvitation();
    const carol = await enter("carol");
    await carol.user.join(line).conversation;
    await until(scene, () => gardens[0].state.requests.length === 1);
    expect(gardens[0].state.requests).toEqual([
      { joiner: carol.id, claimedName: "carol", invitedBy: bob.id, reason: "policy" },
    ]);
  });

  test("announces itself in the same way after a restart", async () => {
    const { gardens } = await gathered();
    policy = () => "refuse";
    const { line } = await gardens[0].createInvitation();
    const storage = createMemoryStorage();
    const carol = await enter("carol", storage);
    await carol.user.join(line).conversation;
    await until(scene, () => announced(carol.transport).length === 1);
    await carol.user.close();
    const transport = scene.network.join();
    const again = await createUserFrom({ ...carol.options, transport, storage });
    await until(scene, () => announced(transport).length > 0);
    const [first, second] = [carol.transport, transport].map((each) => announced(each)[0]);
    expect(second).toEqual(first);
    const decoded = decodeWelcomeMessage(second ?? new Uint8Array());
    expect(decoded).toMatchObject({ ok: true, value: { redemption: expect.any(Uint8Array) as unknown } });
    await again.close();
  });

  test("is told the name alone in a de-mls-3 conversation", async () => {
    scene = createScene({ seed: "de-mls-3", fakes: true });
    const [alice, bob] = [await enter("alice"), await enter("bob")];
    const garden = await alice.user.createConversation("garden", { compatibility: "de-mls-3" });
    const { line, invitation } = await garden.createInvitation();
    expect(invitation).toMatchObject({ groupId: undefined, mode: "de-mls-3" });
    expect(garden.state.invitations).toEqual([]);
    const joining = await bob.user.join(line).conversation;
    await until(scene, () => isIn(joining));
    await expectMistake(garden.revokeInvitation(invitation.id), "wrong-mode");
  });
});

describe("An invitation is no reason to let somebody in", () => {
  test("once it is used up, at members old and new", async () => {
    const { alice, gardens } = await gathered();
    const { line, invitation } = await gardens[0].createInvitation({ uses: 1 });
    const [carol, dave] = [await enter("carol"), await enter("dave")];
    const joined = await carol.user.join(line).conversation;
    await until(scene, () => isIn(joined));
    const known = {
      ...{ inviter: alice.id, id: invitation.id, uses: 1, revoked: false },
      expiresWallMs: invitation.expiresAt * 1_000,
    };
    await until(scene, () => [...gardens, joined].every(({ state }) => state.invitations[0]?.uses === 1));
    for (const { state } of [...gardens, joined]) expect(state.invitations).toEqual([known]);
    const asking = await dave.user.join(line).conversation;
    for (const { state } of [...gardens, joined]) await until(scene, () => state.requests.length <= 1);
    await until(scene, () => gardens.every(({ state }) => state.requests.length === 1));
    expect(gardens[1].state.requests[0]).toMatchObject({ joiner: dave.id, invitedBy: undefined });
    expect(isIn(asking)).toBe(false);
  });

  test("once its inviter has revoked it, at members old and new", async () => {
    const { gardens } = await gathered();
    const [revoked, other] = [await gardens[0].createInvitation(), await gardens[0].createInvitation()];
    const carol = await enter("carol");
    await gardens[0].revokeInvitation(revoked.invitation.id.toUpperCase());
    await gardens[0].revokeInvitation(revoked.invitation.id);
    const joined = await carol.user.join(other.line).conversation;
    await until(scene, () => isIn(joined) && joined.state.invitations.length === 2);
    const dave = await enter("dave");
    await dave.user.join(revoked.line).conversation;
    await until(scene, () => [...gardens, joined].every(({ state }) => state.requests.length === 1));
    expect(joined.state.requests[0]).toMatchObject({ joiner: dave.id, invitedBy: undefined });
  });

  test("once its inviter was removed", async () => {
    const { alice, bob, gardens } = await gathered();
    const { line } = await gardens[1].createInvitation();
    policy = admitAll;
    const carol = await enter("carol");
    const third = await carol.user.join({ name: "garden" }).conversation;
    await until(scene, () => isIn(third));
    policy = admitInvited;
    await scene.settle();
    const removal = gardens[0].proposeRemove(bob.id);
    await until(scene, () => third.state.openVotes.length === 1);
    await third.vote(third.state.openVotes[0]?.proposalId ?? 0, true);
    expect(await Promise.all([removal.accepted])).toBeDefined();
    await until(scene, () => gardens[0].state.members.length === 2);
    const dave = await enter("dave");
    await dave.user.join(line).conversation;
    await until(scene, () => gardens[0].state.requests.length === 1);
    expect(gardens[0].state.requests[0]?.invitedBy).toBeUndefined();
    expect(alice.user.conversation("garden").state.members).toHaveLength(2);
  });

  test("after its last second, to which members add a quarter of an hour", async () => {
    const { gardens } = await gathered();
    const { line } = await gardens[0].createInvitation({ expiresAt: nowSeconds() + 60 });
    const [carol, dave] = [await enter("carol"), await enter("dave")];
    const early = await carol.user.join(line).conversation;
    await until(scene, () => isIn(early));
    expect(gardens[1].state.invitations).toHaveLength(1);
    await scene.clock.advance(61_000);
    await expectMistake(dave.user.join(line).conversation, "invitation-invalid", "invitation");
    await scene.clock.advance(DAY_MS);
  });
});

describe("A user", () => {
  test("revokes its own invitations alone", async () => {
    const { gardens } = await gathered();
    const { invitation } = await gardens[0].createInvitation();
    await until(scene, () => gardens[1].state.invitations.length === 1);
    await expectMistake(gardens[1].revokeInvitation(invitation.id), "unknown-invitation", "id");
    await expectMistake(gardens[0].revokeInvitation("0"), "unknown-invitation", "id");
    await expectMistake(gardens[0].revokeInvitation(7 as never), "unknown-invitation", "id");
    expect(gardens[0].state.invitations[0]?.revoked).toBe(false);
  });

  test("issues terms that the guest reads", async () => {
    const { alice, gardens } = await gathered(false);
    const expiresAt = nowSeconds() + 3_600;
    const { line } = await gardens[0].createInvitation({
      expiresAt,
      uses: 3,
      addresses: ["/dns/garden.example"],
    });
    const { verifier } = alice.options.plugins;
    const { invitation } = await parseInvitation(line, { verifier, nowSeconds: nowSeconds() });
    expect(invitation).toMatchObject({
      ...{ conversationName: "garden", inviter: alice.id, expiresAt, uses: 3 },
      addresses: ["/dns/garden.example"],
    });
    await expectMistake(gardens[0].createInvitation({ uses: -1 }), "invalid-invitation-terms", "uses");
  });

  test("issues one at once while it catches up, and the members learn of it afterwards", async () => {
    const { bob, gardens } = await gathered();
    const storage = createMemoryStorage();
    const carol = await enter("carol", storage);
    policy = admitAll;
    const carols = await carol.user.join({ name: "garden" }).conversation;
    await until(scene, () => isIn(carols));
    policy = admitInvited;
    await scene.clock.advance(60_000);
    await carol.user.close();
    const transport = scene.network.join();
    transport.mood = "refusing";
    const again = await createUserFrom({ ...carol.options, transport, storage });
    const garden = again.conversation("garden");
    await until(scene, () => garden.state.catchingUp);
    const fromMs = scene.clock.monotonicMs();
    let issued: IssuedInvitation | undefined;
    void garden.createInvitation().then((done) => (issued = done));
    await until(scene, () => issued !== undefined);
    expect(scene.clock.monotonicMs()).toBe(fromMs);
    expect(garden.state.catchingUp).toBe(true);
    expect(garden.state.invitations).toMatchObject([{ inviter: carol.id, revoked: false }]);
    expect(gardens[0].state.invitations).toEqual([]);
    transport.mood = "well";
    await until(scene, () => gardens[0].state.invitations.length === 1);
    expect(bob.user.conversation("garden").state.invitations).toMatchObject([
      { id: issued?.invitation.id, inviter: carol.id },
    ]);
    await again.close();
  });

  test("issues none before it has joined, nor after it has left", async () => {
    const { gardens } = await gathered();
    const carol = await enter("carol");
    const pending = await carol.user.join({ name: "meadow" }).conversation;
    await expectMistake(pending.createInvitation(), "not-joined", "conversation");
    await gardens[0].leave().accepted;
    await until(scene, () => gardens[0].state.phase === "ended");
    await expectMistake(gardens[0].createInvitation(), "conversation-ended");
  });
});

describe("A joiner that announces itself again", () => {
  test("sends the same packet at once, and none without an announcement before", async () => {
    const { gardens } = await gathered();
    policy = () => "refuse";
    const { line } = await gardens[0].createInvitation();
    const carol = await enter("carol");
    const joining = await carol.user.join(line).conversation;
    await until(scene, () => announced(carol.transport).length === 1);
    await joining.announceAgain();
    await scene.settle();
    const [first, second] = announced(carol.transport);
    expect(second).toEqual(first);
    const silent = await carol.user.join({ name: "meadow" }, { announce: false }).conversation;
    await expectMistake(silent.announceAgain(), "invalid-key-package", "keyPackage");
    await expectMistake(gardens[0].announceAgain(), "already-joined");
  });
});
