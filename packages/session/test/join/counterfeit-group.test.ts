import {
  MAX_DEPUTIES,
  memberKey,
  openConfirmation,
  parseInvitation,
  readRedemption,
  signConfirmation,
} from "@demls/join";
import { createMemoryStorage } from "@demls/storage-memory";
import { decodeWelcomeMessage, encodeWelcomeMessage } from "@demls/wire";
import { bytesToUtf8, hexToBytes, memberIdToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  admitAll,
  admitInvited,
  createUserFrom,
  type AdmissionPolicy,
  type Conversation,
} from "../../src/index.js";
import { LIMITS } from "../../src/model/limits.js";
import { expectMistake } from "../harness/expect-mistake.js";
import { createScene, until, watch, type Person, type Scene } from "../harness/index.js";

let scene: Scene;
let policy: AdmissionPolicy;
/** Group id of the next group of a counterfeiter. */
let copiedId: string;

beforeEach(() => {
  scene = createScene({ seed: "counterfeit", fakes: true });
  policy = admitAll;
});

afterEach(() => scene.close());

const enter = (name: string, storage = createMemoryStorage()): Promise<Person> =>
  scene.enter(name, storage, { admission: (request) => policy(request) });

/** A user whose groups have the id of another one, and which lets everybody in. */
const enterCounterfeiter = (name: string): Promise<Person> =>
  scene.enter(name, undefined, {
    admission: admitAll,
    mlsRandom: (random) => ({
      ...random,
      bytes: (length) => (length === 16 ? (hexToBytes(copiedId) ?? new Uint8Array()) : random.bytes(length)),
    }),
  });

interface Garden {
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly gardens: readonly [Conversation, Conversation, Conversation];
  readonly line: string;
}

/** Three members, the second of which has issued an invitation. */
async function gathered(): Promise<Garden> {
  const [alice, bob, carol] = [await enter("alice"), await enter("bob"), await enter("carol")];
  const gardens = await scene.gather("garden", alice, bob, carol);
  policy = admitInvited;
  const { line } = await gardens[1].createInvitation();
  await scene.clock.advance(60_000);
  copiedId = gardens[0].state.groupId ?? "";
  return { alice, bob, carol, gardens, line };
}

/** Settings of a group that answers a key package before an honest one. */
const AT_ONCE = { votingDelayMs: 100, commitInactivityMs: 1_000, freezeMs: 100 };

/** A listener's own group of the garden's name and id, which answers a key package at once. */
async function counterfeit(): Promise<{ readonly mallory: Person; readonly copy: Conversation }> {
  const mallory = await enterCounterfeiter("mallory");
  const copy = await mallory.user.createConversation("garden", {
    config: AT_ONCE,
  });
  expect(copy.state.groupId).toBe(copiedId);
  return { mallory, copy };
}

const textsAt = ({ events }: Person): readonly string[] =>
  events.flatMap((event) => (event.kind === "message" ? [bytesToUtf8(event.content) ?? ""] : []));

/** Whether a person hears a packet; others do. */
const hears = (person: Person, isHeard: (packet: Packet) => boolean): void => {
  const { subscribe } = person.transport;
  person.transport.subscribe = (id, listener) =>
    subscribe(id, (packet) => (isHeard(packet) ? listener(packet) : undefined));
};

const welcomeKind = ({ payload, subtopic }: Packet): string | undefined => {
  const decoded = subtopic === WELCOME_SUBTOPIC ? decodeWelcomeMessage(payload) : undefined;
  return decoded?.ok === true ? decoded.value.kind : undefined;
};

/** Packets of this kind on the welcome subtopic that people have sent. */
const sentOf = (kind: string, ...people: readonly Person[]): number =>
  people.flatMap(({ transport }) => transport.attempts).filter(({ packet }) => welcomeKind(packet) === kind)
    .length;

describe("A listener with a group of the same name and id that answers first", () => {
  test("gets no joiner by an invitation, nor a word of it", async () => {
    const { gardens, line } = await gathered();
    const { mallory, copy } = await counterfeit();
    const dave = await enter("dave");
    const garden = await dave.user.join(line).conversation;
    const joined = watch(garden.joined);
    void garden.joined.then(() => garden.send("here are the keys of the shed"));
    await until(scene, () => copy.state.members.length === 2);
    await scene.settle();
    expect(joined.outcome).toBe("pending");
    expect(garden.state.phase).toBe("pending-join");
    expect(garden.state.members).toEqual([]);
    await until(scene, () => joined.outcome === "resolved");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect(garden.state.unconfirmed).toBe(false);
    await scene.clock.advance(60_000);
    expect(textsAt(mallory)).toEqual([]);
  });

  test("gets none in an epoch of the same number either", async () => {
    const { gardens, line } = await gathered();
    const { mallory, copy } = await counterfeit();
    while (copy.state.epoch !== gardens[0].state.epoch) {
      const { epoch } = copy.state;
      void copy.renewKeys();
      await until(scene, () => copy.state.epoch !== epoch);
    }
    const dave = await enter("dave");
    const garden = await dave.user.join(line).conversation;
    await until(scene, () => copy.state.members.length === 2);
    await until(scene, () => garden.state.phase === "working");
    expect(copy.state.epoch).toBe(gardens[0].state.epoch);
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect(textsAt(mallory)).toEqual([]);
  });

  test("gets none whose inviter is away, nor by a line that it holds as well", async () => {
    const { bob, gardens, line } = await gathered();
    await bob.user.close();
    const { mallory, copy } = await counterfeit();
    // It knows the member key of the invitation, and answers probes in its own group.
    const { secret } = await parseInvitation(line, {
      verifier: mallory.options.plugins.verifier,
      nowSeconds: Math.floor(scene.clock.wallMs() / 1_000),
    });
    await mallory.user.conversation("garden").admin.idle();
    expect(memberKey(secret)).toHaveLength(32);
    const dave = await enter("dave");
    const attempt = dave.user.join(line);
    await until(scene, () => copy.state.members.length === 2);
    const garden = await attempt.conversation;
    expect(garden.state.phase).toBe("pending-join");
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect((await attempt.ready).trust).toBe("deputy");
  });

  test("gets one that knows the id alone, whose state says so", async () => {
    const { gardens } = await gathered();
    const { copy } = await counterfeit();
    const dave = await enter("dave");
    const garden = await dave.user.join({ name: "garden", groupId: copiedId }).conversation;
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(copy.state.epochAuthenticator);
    expect(garden.state.epochAuthenticator).not.toBe(gardens[0].state.epochAuthenticator);
    expect(garden.state.unconfirmed).toBe(true);
  });

  test("gets none by a flood of welcomes: the genuine one is sent again", async () => {
    const { gardens, line } = await gathered();
    for (let index = 0; index <= LIMITS.heldWelcomes; index += 1) {
      const mallory = await enterCounterfeiter(`mallory ${index}`);
      hears(mallory, (packet) => welcomeKind(packet) === "user_key_package");
      await mallory.user.createConversation("garden", { config: AT_ONCE });
    }
    const dave = await enter("dave");
    const flood: Packet[] = [];
    let isFlooded = false;
    hears(dave, (packet) => {
      const kind = welcomeKind(packet);
      const isLate = kind === "invitation_to_join" && gardens.every(({ state }) => state.members.length < 4);
      if (isLate) flood.push(packet);
      return !isLate && (kind !== "group_confirmation" || isFlooded);
    });
    const garden = await dave.user.join(line).conversation;
    await until(scene, () => gardens.some(({ state }) => state.members.length === 4));
    expect(flood.length).toBeGreaterThan(LIMITS.heldWelcomes);
    flood.forEach(scene.network.inject);
    await scene.settle();
    isFlooded = true;
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
  });
});

describe("The group of an invitation is confirmed", () => {
  test("by the inviter at once, so that the join takes no longer", async () => {
    const { bob, alice, carol, line } = await gathered();
    const dave = await enter("dave");
    const attempt = dave.user.join(line);
    const garden = await attempt.conversation;
    await until(scene, () => garden.state.phase === "working");
    expect((await attempt.ready).trust).toBe("inviter");
    expect(sentOf("group_confirmation", bob)).toBe(1);
    expect(sentOf("group_confirmation", alice, carol)).toBe(0);
  });

  test("again after a loss, also once the group has gone on", async () => {
    const { bob, gardens, line } = await gathered();
    const dave = await enter("dave");
    let isLossy = true;
    hears(dave, (packet) => !isLossy || welcomeKind(packet) !== "group_confirmation");
    const garden = await dave.user.join(line).conversation;
    await until(scene, () => gardens.every(({ state }) => state.members.length === 4));
    const { epoch = 0n } = gardens[0].state;
    void gardens[0].renewKeys();
    await until(scene, () => gardens.every(({ state }) => (state.epoch ?? 0n) > epoch));
    expect(garden.state.phase).toBe("pending-join");
    isLossy = false;
    await until(scene, () => garden.state.phase === "working");
    await until(scene, () => garden.state.epochAuthenticator === gardens[1].state.epochAuthenticator);
    expect(sentOf("group_confirmation", bob)).toBeGreaterThan(1);
  });

  test("after a restart of the joiner, which holds a welcome", async () => {
    const { bob, gardens, line } = await gathered();
    await bob.user.close();
    const storage = createMemoryStorage();
    const dave = await enter("dave", storage);
    hears(dave, (packet) => welcomeKind(packet) !== "group_confirmation");
    const before = await dave.user.join(line).conversation;
    await until(scene, () => gardens[0].state.members.length === 4);
    await scene.clock.advance(10_000);
    expect(before.state.phase).toBe("pending-join");
    await dave.user.close();
    const again = await createUserFrom({ ...dave.options, transport: scene.network.join(), storage });
    const garden = again.conversation("garden");
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.unconfirmed).toBe(false);
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    await again.close();
  });

  test("by no member that is neither the inviter nor a deputy", async () => {
    const names = ["alice", "bob", "carol", "dan", "erin", "fay", "gus"];
    const people: Person[] = [];
    for (const name of names) people.push(await enter(name));
    const gardens = await scene.gather("garden", ...people);
    const bob = people[1] as Person;
    const places = (gardens[1] as Conversation).state.members.map(({ id }) => id);
    const others = people.filter((person) => person !== bob);
    others.sort((a, b) => places.indexOf(a.id) - places.indexOf(b.id));
    const [deputies, rest] = [others.slice(0, MAX_DEPUTIES), others.slice(MAX_DEPUTIES)];
    policy = admitInvited;
    const { line } = await (gardens[1] as Conversation).createInvitation();
    const dave = await enter("dave");
    let isHeard = false;
    hears(dave, (packet) => isHeard || welcomeKind(packet) !== "group_confirmation");
    const garden = await dave.user.join(line).conversation;
    const joined = watch(garden.joined);
    await until(scene, () => gardens.every(({ state }) => state.members.length === 8));
    await bob.user.close();
    await scene.clock.advance(30_000);
    expect(deputies.filter((person) => sentOf("group_confirmation", person) > 0)).not.toEqual([]);
    for (const { user } of deputies) await user.close();
    isHeard = true;
    await until(scene, () => joined.outcome === "rejected");
    expect(sentOf("group_confirmation", ...rest)).toBe(0);
    expect(garden.state.members).toEqual([]);
  });

  test("by members that came after the invitation", async () => {
    const [bob, alice, carol] = [await enter("bob"), await enter("alice"), await enter("carol")];
    const garden = await bob.user.createConversation("garden");
    const { line } = await garden.createInvitation();
    for (const { user } of [alice, carol]) await user.join({ name: "garden" }).conversation;
    await until(scene, () => garden.state.members.length === 3);
    await scene.clock.advance(60_000);
    await bob.user.close();
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 600_000 });
    const joined = await attempt.conversation;
    await until(scene, () => joined.state.phase === "working");
    expect(joined.state.unconfirmed).toBe(false);
  });

  test("by members that were newcomers when it was issued, a day later without a commit", async () => {
    const [bob, alice, carol] = [await enter("bob"), await enter("alice"), await enter("carol")];
    const [garden] = await scene.gather("garden", bob, alice, carol);
    policy = admitInvited;
    const { line } = await garden.createInvitation();
    await scene.clock.advance(60_000);
    const { epoch } = garden.state;
    await scene.clock.advance(25 * 3_600_000);
    expect(garden.state.epoch).toBe(epoch);
    await bob.user.close();
    const dave = await enter("dave");
    const { ready } = dave.user.join(line, { deadlineMs: 600_000 });
    const told = watch(ready);
    await until(scene, () => told.outcome !== "pending");
    expect((await ready).trust).toBe("deputy");
  });

  test("by the other deputies although one confirms a group that is not there", async () => {
    const { alice, bob, carol, gardens, line } = await gathered();
    await bob.user.close();
    const dave = await enter("dave");
    const others = [alice, carol];
    const told: Uint8Array[] = [];
    let isHeard = false;
    hears(dave, (packet) => {
      const decoded = welcomeKind(packet) === "group_confirmation" && decodeWelcomeMessage(packet.payload);
      if (!decoded || !decoded.ok || decoded.value.kind !== "group_confirmation") return true;
      told.push(decoded.value.confirmation);
      return isHeard;
    });
    const garden = await dave.user.join(line).conversation;
    await until(scene, () => told.length > 0);
    const announced = dave.transport.attempts.find(
      ({ packet }) => welcomeKind(packet) === "user_key_package",
    );
    const asked = decodeWelcomeMessage(announced?.packet.payload ?? new Uint8Array());
    if (!asked.ok || asked.value.kind !== "user_key_package") throw new Error("unreachable");
    const { redemption = new Uint8Array(), keyPackageBytes } = asked.value;
    const read = readRedemption(redemption, keyPackageBytes);
    if (!read.ok) throw new Error(read.reason);
    const opened = await openConfirmation(told[0] ?? new Uint8Array(), {
      ...{ inviter: bob.id, groupId: copiedId, nonce: read.nonce, toleranceSeconds: 60 },
      nowSeconds: Math.floor(scene.clock.wallMs() / 1_000),
      verifier: alice.options.plugins.verifier,
      verify: (...signed) => alice.mls.verify(...signed),
    });
    if (!opened.ok) throw new Error(opened.reason);
    // The deputy that has answered first lies from now on, before the other one's turn.
    const liar = others.find(({ id }) => id === opened.confirmation.by.member) as Person;
    await liar.user.close();
    const own = await liar.mls.createGroup("own");
    const lie = await signConfirmation(
      { ...opened.confirmation, head: new Uint8Array(32) },
      (label, content) => liar.mls.sign(own, label, content),
    );
    isHeard = true;
    const message = { kind: "group_confirmation", confirmation: lie } as const;
    const payload = encodeWelcomeMessage(message);
    for (let asks = 0; garden.state.phase === "pending-join" && asks < 8; asks += 1) {
      const before = sentOf("user_key_package", dave);
      await until(
        scene,
        () => sentOf("user_key_package", dave) > before || garden.state.phase !== "pending-join",
      );
      scene.network.inject({
        ...{ payload, subtopic: WELCOME_SUBTOPIC, conversationId: "garden", appId: new Uint8Array(16) },
      });
    }
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
  });

  test("for no guest of an inviter that was removed: it ends without a group", async () => {
    const { bob, alice, carol, gardens, line } = await gathered();
    const dave = await enter("dave");
    hears(dave, (packet) => welcomeKind(packet) !== "group_confirmation");
    const garden = await dave.user.join(line).conversation;
    await until(scene, () => gardens[0].state.members.length === 4);
    const removal = gardens[0].proposeRemove(bob.id);
    await until(scene, () => gardens[0].state.members.length === 3);
    await removal.committed;
    const before = sentOf("group_confirmation", alice, carol);
    await scene.clock.advance(120_000);
    expect(sentOf("group_confirmation", alice, carol)).toBe(before);
    await until(scene, () => garden.state.phase === "ended");
    expect(garden.state.members).toEqual([]);
  });
});

describe("A forged notice that tells a guest of a leaf of its own", () => {
  const notice = (guest: Person, fill: number): Packet => ({
    payload: encodeWelcomeMessage({
      kind: "leaf_notice",
      identity: memberIdToBytes(guest.id),
      admission: new Uint8Array(16).fill(fill),
    }),
    ...{ subtopic: WELCOME_SUBTOPIC, conversationId: "garden", appId: new Uint8Array(16) },
  });

  /** A counterfeiter that answers the key packages which follow its notice, and none before. */
  async function deafUntilNotice(): Promise<{ readonly copy: Conversation; readonly listen: () => void }> {
    const mallory = await enterCounterfeiter("mallory");
    let listens = false;
    hears(mallory, (packet) => listens || welcomeKind(packet) !== "user_key_package");
    const copy = await mallory.user.createConversation("garden", { config: AT_ONCE });
    return { copy, listen: () => (listens = true) };
  }

  const redemptionsOf = ({ transport }: Person): readonly (Uint8Array | undefined)[] =>
    transport.attempts.flatMap(({ packet }) => {
      const decoded = welcomeKind(packet) === "user_key_package" && decodeWelcomeMessage(packet.payload);
      return decoded && decoded.ok && decoded.value.kind === "user_key_package"
        ? [decoded.value.redemption]
        : [];
    });

  test("does not take the guest into the group of a stranger", async () => {
    const { bob, gardens, line } = await gathered();
    await bob.user.close();
    const { copy, listen } = await deafUntilNotice();
    const dave = await enter("dave");
    const garden = await dave.user.join(line).conversation;
    listen();
    scene.network.inject(notice(dave, 1));
    await until(scene, () => copy.state.members.length === 2);
    await scene.settle();
    expect(garden.state.phase).toBe("pending-join");
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect(garden.state.unconfirmed).toBe(false);
  });

  test("costs the guest a redemption each, for four at most, and keeps it from no group", async () => {
    const { gardens, line } = await gathered();
    const dave = await enter("dave");
    const garden = await dave.user.join(line).conversation;
    for (let fill = 0; fill < 9; fill += 1) scene.network.inject(notice(dave, fill));
    await scene.settle();
    const redemptions = redemptionsOf(dave);
    expect(redemptions).toHaveLength(1 + LIMITS.ownLeafNotices);
    expect(new Set(redemptions.map(String)).size).toBe(redemptions.length);
    expect(redemptions).not.toContain(undefined);
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect(gardens[0].state.members).toHaveLength(4);
  });

  test("does nothing after a restart of the guest, which has lost the secret of its invitation", async () => {
    const { gardens, line } = await gathered();
    const { listen } = await deafUntilNotice();
    const storage = createMemoryStorage();
    const dave = await enter("dave", storage);
    await dave.user.join(line).conversation;
    await dave.user.close();
    const transport = scene.network.join();
    const again = await createUserFrom({ ...dave.options, transport, storage });
    const garden = again.conversation("garden");
    listen();
    for (let fill = 0; fill < 9; fill += 1) scene.network.inject(notice(dave, fill));
    await until(scene, () => garden.state.phase === "working");
    expect(redemptionsOf({ ...dave, transport })).not.toContain(undefined);
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    await again.close();
  });

  test("hides no genuine one: a member that has lost its storage comes back by a line", async () => {
    const { bob, gardens, line } = await gathered();
    const dave = await enter("dave");
    const before = await dave.user.join(line).conversation;
    await until(scene, () => before.state.phase === "working");
    await dave.user.close();
    await scene.clock.advance(120_000);
    const second = await gardens[1].createInvitation();
    await scene.clock.advance(10_000);
    await bob.user.close();
    const newDave = await scene.enter("dave again", createMemoryStorage(), { voteKey: dave.secretKey });
    expect(newDave.id).toBe(dave.id);
    const attempt = newDave.user.join(second.line, { deadlineMs: 900_000 });
    const garden = await attempt.conversation;
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect(garden.state.members).toHaveLength(4);
    expect(redemptionsOf(newDave)).not.toContain(undefined);
    expect((await attempt.ready).trust).toBe("deputy");
  });

  test("lets the application announce no key package without a redemption either", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const garden = await dave.user.join(line).conversation;
    const keyPackage = await dave.user.generateKeyPackage();
    await expectMistake(garden.announceKeyPackage(keyPackage), "invalid-key-package", "keyPackage");
  });
});

describe("An invitation for a conversation that this user is already joining, or in,", () => {
  test("guards the join from the beginning: a welcome for an earlier key package waits there", async () => {
    const { gardens, line } = await gathered();
    const { copy } = await counterfeit();
    const dave = await enter("dave");
    const welcomes: Packet[] = [];
    hears(dave, (packet) => {
      if (welcomeKind(packet) === "invitation_to_join") welcomes.push(packet);
      return welcomeKind(packet) !== "invitation_to_join";
    });
    const given = new AbortController();
    const first = dave.user.join(line, { signal: given.signal });
    await until(scene, () => copy.state.members.length === 2);
    await scene.settle();
    expect(welcomes).toHaveLength(1);
    given.abort();
    await first.ready.catch(() => undefined);
    await scene.settle();
    const { subscribe } = dave.transport;
    dave.transport.subscribe = async (id, listener) => {
      const unsubscribe = await subscribe(id, listener);
      for (const packet of welcomes) listener(packet);
      await scene.settle();
      return unsubscribe;
    };
    const garden = await dave.user.join(line).conversation;
    await scene.settle();
    expect(garden.state.epochAuthenticator).not.toBe(copy.state.epochAuthenticator);
    await until(scene, () => gardens[0].state.members.length === 4);
    expect(garden.state.epochAuthenticator ?? "").not.toBe(copy.state.epochAuthenticator);
  });

  test("is redeemed, though an earlier call asks for the group by its id alone", async () => {
    const { gardens, line } = await gathered();
    await counterfeit();
    const dave = await enter("dave");
    const before = await dave.user.join({ name: "garden", groupId: copiedId }).conversation;
    const garden = await dave.user.join(line).conversation;
    expect(before.state.phase).toBe("ended");
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect(garden.state.unconfirmed).toBe(false);
  });

  test("leads to the group of its own inviter, though a stranger's invitation is being redeemed", async () => {
    const { gardens, line } = await gathered();
    const { copy } = await counterfeit();
    const { line: bait } = await copy.createInvitation();
    const dave = await enter("dave");
    const baited = dave.user.join(bait);
    await baited.conversation;
    const attempt = dave.user.join(line);
    const garden = await attempt.conversation;
    await expectMistake(baited.ready, "conversation-ended");
    await until(scene, () => garden.state.phase === "working");
    expect(garden.state.epochAuthenticator).toBe(gardens[0].state.epochAuthenticator);
    expect((await attempt.ready).membersLearned).toBe(4);
  });

  test("does not confirm the group that a stranger has confirmed", async () => {
    const { line } = await gathered();
    const { copy } = await counterfeit();
    const { line: bait } = await copy.createInvitation();
    const dave = await enter("dave");
    const baited = dave.user.join(bait);
    const garden = await baited.conversation;
    await until(scene, () => garden.state.phase === "working");
    await until(scene, () => copy.state.members.length === 2);
    await scene.clock.advance(60_000);
    expect((await baited.ready).trust).toBe("inviter");
    const attempt = dave.user.join(line, { deadlineMs: 60_000 });
    const ready = watch(attempt.ready);
    await scene.clock.advance(60_000);
    expect(ready).toMatchObject({ outcome: "rejected", error: { code: "backfill" } });
  });
});
