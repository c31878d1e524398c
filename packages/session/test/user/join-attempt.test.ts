import { identityStatement } from "@demls/consensus";
import {
  createProbe,
  encodeWithdrawal,
  issueInvitation,
  JOIN_LIMITS,
  memberKey,
  MIN_PROBE_BYTES,
  openReadiness,
  parseInvitation,
  READINESS_BYTES,
  readProbe,
  sealReadiness,
  WITHDRAWAL_LABEL,
  type Readiness,
} from "@demls/join";
import { createMemoryStorage } from "@demls/storage-memory";
import { decodeWelcomeMessage } from "@demls/wire";
import { hexToBytes, JOIN_SUBTOPIC, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { afterEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "@demls/testkit";
import {
  admitAll,
  admitInvited,
  askAlways,
  createUserFrom,
  type AdmissionPolicy,
  type Conversation,
  type JoinAttempt,
  type JoinProgress,
} from "../../src/index.js";
import { headOf } from "../../src/join/readiness.js";
import { createScene, expectMistake, until, type Person, type Scene } from "../harness/index.js";

const DAY_MS = 86_400_000;

let scene: Scene;
let policy: AdmissionPolicy;

afterEach(() => scene.close());

const enter = (
  name: string,
  storage = createMemoryStorage(),
  options: { readonly admission?: AdmissionPolicy; readonly clockAheadMs?: number } = {},
): Promise<Person> => scene.enter(name, storage, { admission: (request) => policy(request), ...options });

interface Garden {
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly gardens: readonly [Conversation, Conversation, Conversation];
  readonly line: string;
}

/** Three members, the second of which has issued an invitation. */
async function gathered(): Promise<Garden> {
  scene = createScene({ seed: "attempts", fakes: true });
  policy = admitAll;
  const [alice, bob, carol] = [await enter("alice"), await enter("bob"), await enter("carol")];
  const gardens = await scene.gather("garden", alice, bob, carol);
  policy = admitInvited;
  const { line } = await gardens[1].createInvitation();
  await scene.clock.advance(60_000);
  return { alice, bob, carol, gardens, line };
}

/** The others remove a member. */
async function banned(gardens: Garden["gardens"], { id, user }: Person): Promise<void> {
  gardens[0].proposeRemove(id);
  await until(scene, () => gardens[1].state.openVotes.length > 0);
  await gardens[1].vote(gardens[1].state.openVotes[0]?.proposalId ?? 0, true);
  await until(scene, () => user.conversations.size === 0);
}

/** The key package that a joiner has announced. */
function announcedBy({ transport }: Person): Uint8Array {
  const messages = transport.attempts.map(({ packet }) => decodeWelcomeMessage(packet.payload));
  const found = messages.flatMap((each) =>
    each.ok && each.value.kind === "user_key_package" ? [each.value.keyPackageBytes] : [],
  );
  return found[0] ?? new Uint8Array();
}

/** Follows an attempt: its stages, and whether its promises have settled. */
function follow(attempt: JoinAttempt): {
  readonly progress: readonly JoinProgress[];
  readonly stages: () => readonly string[];
  readonly isOver: () => boolean;
} {
  const progress: JoinProgress[] = [];
  let isOver = false;
  attempt.progress$.subscribe({ next: (each) => progress.push(each), complete: () => (isOver = true) });
  const stages = (): readonly string[] =>
    progress.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1]);
  return { progress, stages, isOver: () => isOver };
}

describe("A join by an invitation", () => {
  test("is told by the members at each step, and ends with a member in good standing", async () => {
    const { alice, bob, carol, gardens, line } = await gathered();
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 120_000 });
    const { progress, stages, isOver } = follow(attempt);
    await until(scene, isOver);
    const started = await attempt.started;
    expect(started.conversationId).toBe(gardens[0].state.groupId);
    const members = [alice, bob, carol].map(({ id }) => id);
    expect(members).toContain(started.syncPartner);
    expect(started.partnerHead).toMatch(/^[0-9a-f]{64}$/);
    const ready = await attempt.ready;
    const garden = await attempt.conversation;
    expect(ready).toMatchObject({
      conversationId: garden.state.groupId,
      finalHead: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      membersLearned: 4,
    });
    // Its holder could show it as if it were a member.
    expect(ready.finalHead).not.toBe(garden.state.epochAuthenticator);
    expect(ready.appliedThrough.epoch).toBe(garden.state.epoch);
    expect(ready.ackedBy.length).toBeGreaterThan(0);
    expect(ready.ackedBy.every((member) => garden.state.members.some(({ id }) => id === member))).toBe(true);
    expect(ready.ackedBy).not.toContain(dave.id);
    expect(started.elapsedMs).toBeLessThan(ready.elapsedMs);
    expect(stages()).toEqual([
      ...["checking", "identifying", "subscribing", "asking", "announcing", "waiting", "voting", "approved"],
      ...["catching-up", "ready"],
    ]);
    const voting = progress.find(({ stage }) => stage === "voting");
    expect(voting?.tally).toMatchObject({ voters: 3 });
    expect(members).toContain(voting?.partner);
    expect(voting?.leftMs).toBeGreaterThan(0);
  });

  test("announces itself once a member has answered", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const announced = (): boolean => announcedBy(dave).length > 0;
    let isDeaf = true;
    const { subscribe } = dave.transport;
    dave.transport.subscribe = (id, listener) =>
      subscribe(id, (packet) => (isDeaf ? undefined : listener(packet)));
    const attempt = dave.user.join(line);
    const { stages } = follow(attempt);
    await scene.clock.advance(5_000);
    expect([announced(), stages().at(-1)]).toEqual([false, "asking"]);
    isDeaf = false;
    await until(scene, announced);
    // Not because it has lost patience.
    expect((await attempt.started).elapsedMs).toBeLessThan(10_000);
  });

  test("announces itself once its transport is connected, or after three seconds", async () => {
    const { gardens } = await gathered();
    const { line } = await gardens[1].createInvitation({ uses: 2 });
    for (const connectedAfterMs of [1_000, 60_000]) {
      const guest = await enter(`guest ${connectedAfterMs}`);
      const beginsAtMs = scene.clock.monotonicMs();
      const elapsedMs = (): number => scene.clock.monotonicMs() - beginsAtMs;
      guest.transport.isConnected = (name) => name === "garden" && elapsedMs() >= connectedAfterMs;
      const attempt = guest.user.join(line);
      const { stages } = follow(attempt);
      await until(scene, () => announcedBy(guest).length > 0);
      const { elapsedMs: startedAtMs } = await attempt.started;
      const waitedMs = elapsedMs() - startedAtMs;
      expect(stages()).toContain("connecting");
      expect([waitedMs >= 900, waitedMs <= 3_000]).toEqual([true, true]);
    }
  });

  test("announces itself though nobody answers for an inviter that is gone, and is let in by hand", async () => {
    const { bob, gardens, line } = await gathered();
    const others = [gardens[0], gardens[2]];
    gardens[0].proposeRemove(bob.id);
    await until(scene, () => others.every(({ state }) => state.members.length === 2));
    policy = ({ vouchedBy }) => (vouchedBy === undefined ? "ask" : "admit");
    const dave = await enter("dave");
    const { isOver } = follow(dave.user.join(line));
    await until(scene, () => announcedBy(dave).length > 0);
    await until(scene, () => others.every(({ state }) => state.pendingUpdates.length > 0));
    await gardens[0].admit(dave.id);
    await until(scene, () => gardens[0].state.members.length === 3);
    // It holds the welcome, since nobody confirms the group for that inviter.
    expect(isOver()).toBe(false);
  });

  test("is answered by a founder that has just begun", async () => {
    scene = createScene({ seed: "first minute", fakes: true });
    policy = admitInvited;
    const [alice, dave] = [await enter("alice"), await enter("dave")];
    const garden = await alice.user.createConversation("garden");
    const attempt = dave.user.join((await garden.createInvitation()).line);
    const { progress, isOver } = follow(attempt);
    await until(scene, isOver);
    expect((await attempt.started).syncPartner).toBe(alice.id);
    expect(progress.some(({ partner }) => partner === alice.id)).toBe(true);
  });

  test("names no partner that has not shown itself, and counts whole milliseconds", async () => {
    scene = createScene({ seed: "without a partner", fakes: true });
    policy = admitInvited;
    const [alice, dave] = [await enter("alice"), await enter("dave")];
    const garden = await alice.user.createConversation("garden", { compatibility: "de-mls-3" });
    const { line } = await garden.createInvitation();
    await scene.clock.advance(0.25);
    const attempt = dave.user.join(line);
    const { progress, isOver } = follow(attempt);
    await scene.clock.advance(0.5);
    await until(scene, isOver);
    const started = await attempt.started;
    expect(started).toMatchObject({
      syncPartner: undefined,
      partnerHead: undefined,
      partnerApplied: undefined,
    });
    const times = [started, await attempt.ready, ...progress].map(({ elapsedMs }) => elapsedMs);
    expect(times.filter((ms) => !Number.isInteger(ms))).toEqual([]);
  });

  test("takes at most a fifth longer than the vote and the wait for a commit", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const attempt = dave.user.join(line);
    await until(scene, follow(attempt).isOver);
    const { elapsedMs } = await attempt.ready;
    const { votingDelayMs, commitInactivityMs } = (await attempt.conversation).state.config;
    expect(elapsedMs).toBeLessThanOrEqual(1.2 * (votingDelayMs + commitInactivityMs));
  });

  test("is answered while the inviter is away, by members that know the key of the invitation", async () => {
    const { bob, line } = await gathered();
    await bob.user.close();
    const dave = await enter("dave");
    const attempt = dave.user.join(line);
    await until(scene, follow(attempt).isOver);
    expect((await attempt.started).syncPartner).not.toBe(bob.id);
    expect((await attempt.ready).ackedBy).not.toContain(bob.id);
  });

  test("ends with the first answer if it is asked to, and the join goes on", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { until: "started" });
    await until(scene, follow(attempt).isOver);
    await expectMistake(attempt.ready, "not-awaited");
    const garden = await attempt.conversation;
    await until(scene, () => garden.state.phase === "working");
  });

  test("dials the addresses of the invitation or those of its options, and goes on if that fails", async () => {
    const { gardens } = await gathered();
    const addresses = ["/dns/garden.example/tcp/4001"];
    const { line } = await gardens[1].createInvitation({ uses: 2, addresses });
    const [dave, erin] = [await enter("dave"), await enter("erin")];
    const dialled: unknown[] = [];
    for (const { transport } of [dave, erin])
      transport.dial = async (given) => {
        dialled.push(given);
        throw new Error("no route");
      };
    const attempts = [dave.user.join(line), erin.user.join(line, { addresses: ["/ip4/192.0.2.1/tcp/1"] })];
    for (const attempt of attempts) await until(scene, follow(attempt).isOver);
    expect(dialled).toEqual([addresses, ["/ip4/192.0.2.1/tcp/1"]]);
    for (const { ready } of attempts) expect((await ready).membersLearned).toBeGreaterThan(3);
  });

  test("goes on after a restart, and with a member that is in already", async () => {
    const { line } = await gathered();
    const storage = createMemoryStorage();
    const dave = await enter("dave", storage);
    const first = dave.user.join(line);
    await first.conversation;
    await dave.user.close();
    await expectMistake(first.ready, "conversation-ended");
    const again = await createUserFrom({ ...dave.options, transport: scene.network.join(), storage });
    const second = again.join(line);
    await until(scene, follow(second).isOver);
    expect((await second.ready).membersLearned).toBe(4);
    const third = again.join(line);
    await until(scene, follow(third).isOver);
    expect((await third.started).syncPartner).toBeDefined();
    expect((await third.ready).finalHead).toBe((await second.ready).finalHead);
    await again.close();
  });
});

describe("A join in difficulties", () => {
  test("has its welcome again as soon as a member says that it is in, though the first ones are lost", async () => {
    const { alice, bob, carol, line } = await gathered();
    let lost = 0;
    for (const { transport } of [alice, bob, carol]) {
      const publish = transport.publish.bind(transport);
      transport.publish = async (packet) => {
        if (packet.subtopic !== WELCOME_SUBTOPIC || lost === 2) return publish(packet);
        lost += 1;
      };
    }
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 120_000 });
    await until(scene, follow(attempt).isOver);
    const { votingDelayMs, commitInactivityMs } = (await attempt.conversation).state.config;
    expect(lost).toBe(2);
    expect((await attempt.ready).elapsedMs).toBeLessThan(votingDelayMs + commitInactivityMs + 35_000);
  });

  test("goes on until its own deadline, beyond the patience of a join", async () => {
    const { line } = await gathered();
    policy = () => "ask";
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 1_200_000 });
    const { isOver } = follow(attempt);
    await scene.clock.advance(1_199_999);
    expect(isOver()).toBe(false);
    expect(dave.user.conversations.size).toBe(1);
    await scene.clock.advance(1);
    const error: unknown = await attempt.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "out-of-time", clockAheadMs: undefined });
  });

  test("goes on until the later deadline of an attempt after a restart", async () => {
    const { line } = await gathered();
    policy = () => "ask";
    const storage = createMemoryStorage();
    const dave = await enter("dave", storage);
    await dave.user.join(line, { deadlineMs: 60_000 }).conversation;
    await dave.user.close();
    const again = await createUserFrom({ ...dave.options, transport: scene.network.join(), storage });
    const { isOver } = follow(again.join(line, { deadlineMs: 1_200_000 }));
    await scene.clock.advance(1_199_999);
    expect(isOver()).toBe(false);
    await again.close();
  });

  test("says that its clock is off", async () => {
    const { line } = await gathered();
    const clockAheadMs = 5_400_000;
    const dave = await enter("dave", createMemoryStorage(), { clockAheadMs });
    const attempt = dave.user.join(line, { deadlineMs: 60_000 });
    const { progress, isOver } = follow(attempt);
    await until(scene, isOver);
    const error: unknown = await attempt.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "clock-off",
      message: expect.stringContaining("90 minutes ahead of") as string,
    });
    const off = progress.at(-1)?.clockAheadMs ?? 0;
    expect(Math.abs(off - clockAheadMs)).toBeLessThan(2_000);
  });

  test("names the clock, if it is so far off that no member answers", async () => {
    const { line } = await gathered();
    const dave = await enter("dave", createMemoryStorage(), { clockAheadMs: -DAY_MS });
    const attempt = dave.user.join(line, { deadlineMs: 60_000 });
    await until(scene, follow(attempt).isOver);
    const error: unknown = await attempt.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      ...{ code: "no-ready-peers", remedy: expect.stringContaining("clock") as string },
    });
  });

  test("is answered soon by the two of ten members that are there", async () => {
    scene = createScene({ seed: "two of ten", fakes: true });
    policy = admitAll;
    const people: Person[] = [];
    for (let index = 0; index < 10; index += 1) people.push(await enter(`member ${index}`));
    const [founders] = await scene.gather("garden", ...people);
    policy = admitInvited;
    const line = (await founders?.createInvitation({ uses: 0 }))?.line ?? "";
    await scene.clock.advance(60_000);
    for (const { user } of people.filter((_, index) => index !== 4 && index !== 7)) await user.close();
    for (let index = 0; index < 6; index += 1) {
      const guest = await enter(`guest ${index}`);
      const attempt = guest.user.join(line, { until: "started" });
      await until(scene, follow(attempt).isOver);
      expect((await attempt.started).elapsedMs).toBeLessThan(6_000);
      await guest.user.close();
    }
  });

  test("shows how far it is by the farthest of its members, and does not go to and fro", async () => {
    scene = createScene({ seed: "to and fro", fakes: true });
    policy = admitAll;
    // Alice's user is not asked, and Bob's is.
    let alices: AdmissionPolicy = admitAll;
    const alice = await enter("alice", createMemoryStorage(), { admission: (request) => alices(request) });
    const bob = await enter("bob");
    const [garden] = await scene.gather("garden", alice, bob);
    const { line } = await garden.createInvitation();
    await scene.clock.advance(60_000);
    [alices, policy] = [() => "refuse", () => "ask"];
    const dave = await enter("dave");
    const { progress, stages } = follow(dave.user.join(line));
    await scene.clock.advance(200_000);
    expect(stages().slice(-1)).toEqual(["awaiting-admission"]);
    expect(stages().filter((stage) => stage === "awaiting-admission")).toHaveLength(1);
    const told = progress.filter(({ stage }) => stage === "awaiting-admission");
    expect(told.map(({ partner }) => partner)).toEqual([bob.id]);
  });

  test("is told of its ban, and of no other member's, until a member lifts it", async () => {
    const { alice, carol, gardens } = await gathered();
    const { line } = await gardens[1].createInvitation({ uses: 2 });
    await banned(gardens, carol);
    const [carols, daves] = [carol.user.join(line), (await enter("dave")).user.join(line)];
    const [{ stages, isOver }, { stages: strangers }] = [follow(carols), follow(daves)];
    await until(scene, () => stages().includes("banned") && strangers().includes("voting"));
    expect(stages()).toEqual(["subscribing", "asking", "announcing", "waiting", "banned"]);
    expect(strangers()).not.toContain("banned");
    await gardens[0].unban(carol.id);
    await until(scene, isOver);
    expect((await carols.ready).membersLearned).toBe(4);
    expect(alice.user.conversation("garden").state.members).toHaveLength(4);
  });

  test("ends with the reason that it is banned", async () => {
    const { carol, gardens, line } = await gathered();
    await banned(gardens, carol);
    const attempt = carol.user.join(line, { deadlineMs: 30_000 });
    await until(scene, follow(attempt).isOver);
    const error: unknown = await attempt.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "banned" });
  });

  test("leaves no member behind that reads nothing, if its user gives up while the members vote", async () => {
    const { gardens } = await gathered();
    const { line } = await gardens[1].createInvitation({ uses: 2 });
    const dave = await enter("dave");
    const controller = new AbortController();
    const attempt = dave.user.join(line, { signal: controller.signal });
    const { stages } = follow(attempt);
    await until(scene, () => stages().includes("voting"));
    expect(gardens.every(({ state }) => state.openVotes.length === 1)).toBe(true);
    controller.abort();
    await expect(attempt.ready).rejects.toThrow();
    await scene.clock.advance(600_000);
    expect(gardens.map(({ state }) => state.members.length)).toEqual([3, 3, 3]);
    expect(gardens.map(({ state }) => state.pendingUpdates)).toEqual([[], [], []]);
    const again = dave.user.join(line);
    await until(scene, follow(again).isOver);
    expect((await again.ready).membersLearned).toBe(4);
  });

  test("is not given up by others, who know its announcement and hold the same line", async () => {
    const { bob, gardens } = await gathered();
    const { line } = await gardens[1].createInvitation({ uses: 2 });
    const [dave, mallory] = [await enter("dave"), await enter("mallory")];
    const attempt = dave.user.join(line);
    const { stages, isOver } = follow(attempt);
    await until(scene, () => stages().includes("voting"));
    const keyPackage = announcedBy(dave);
    const found = await bob.mls.inspectKeyPackage(keyPackage);
    const reference = hexToBytes(found.ok ? found.reference : "") ?? new Uint8Array();
    const signature = await mallory.mls.sign(undefined, WITHDRAWAL_LABEL, reference);
    const send = (payload: Uint8Array): void =>
      scene.network.inject({
        ...{ payload, subtopic: JOIN_SUBTOPIC, conversationId: "garden", appId: new Uint8Array(16) },
      });
    send(encodeWithdrawal(dave.id, reference, signature));
    send(encodeWithdrawal(mallory.id, reference, signature));
    send(encodeWithdrawal(dave.id, reference, signature).subarray(1));
    await until(scene, isOver);
    expect((await attempt.ready).membersLearned).toBe(4);
  });

  test("begins anew right after it was given up, at each step", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    for (const step of ["conversation", "started", "progress"] as const) {
      const controller = new AbortController();
      const attempt = dave.user.join(line, { signal: controller.signal });
      if (step !== "progress") await attempt[step];
      controller.abort();
      await expect(attempt.ready).rejects.toThrow();
    }
    const again = dave.user.join(line);
    await until(scene, follow(again).isOver);
    expect((await again.ready).membersLearned).toBe(4);
  });
});

describe("A join by a name", () => {
  test.each(["with", "without"])("%s the id ends in a group that nobody has confirmed", async (id) => {
    const { gardens } = await gathered();
    policy = admitAll;
    const dave = await enter("dave");
    const { groupId } = gardens[0].state;
    const attempt = dave.user.join({ name: "garden", ...(id === "with" && { groupId }) });
    const { stages, isOver } = follow(attempt);
    await until(scene, isOver);
    expect(await attempt.ready).toMatchObject({
      conversationId: groupId,
      membersLearned: 4,
      trust: undefined,
    });
    expect((await attempt.started).conversationId).toBe(groupId);
    expect((await attempt.conversation).state.unconfirmed).toBe(true);
    expect(stages()).toEqual([
      "checking",
      "identifying",
      "subscribing",
      "announcing",
      "catching-up",
      "ready",
    ]);
  });

  test("goes on with one by an invitation, which enters only the confirmed group", async () => {
    const { gardens, line } = await gathered();
    const dave = await enter("dave");
    const first = dave.user.join(line);
    const { stages, isOver } = follow(first);
    await until(scene, () => stages().includes("voting"));
    const second = dave.user.join({ name: "garden", groupId: gardens[0].state.groupId ?? "" });
    await until(scene, follow(second).isOver);
    await until(scene, isOver);
    expect(await second.conversation).toBe(await first.conversation);
    expect((await second.ready).trust).toBeDefined();
    expect((await first.ready).trust).toBeDefined();
  });

  test("gives way to one by an invitation, if it names no group", async () => {
    const { gardens, line } = await gathered();
    const dave = await enter("dave");
    const open = dave.user.join({ name: "garden" });
    const before = await open.conversation;
    const attempt = dave.user.join(line);
    const garden = await attempt.conversation;
    await expectMistake(open.ready, "conversation-ended");
    expect(before.state.phase).toBe("ended");
    await until(scene, follow(attempt).isOver);
    expect(garden.state).toMatchObject({ groupId: gardens[0].state.groupId, unconfirmed: false });
  });

  test("is withdrawn if its user gives it up", async () => {
    const { gardens } = await gathered();
    policy = admitAll;
    const dave = await enter("dave");
    const controller = new AbortController();
    const attempt = dave.user.join({ name: "garden" }, { signal: controller.signal });
    await until(scene, () => gardens[0].state.openVotes.length > 0);
    controller.abort();
    await expect(attempt.ready).rejects.toThrow();
    await scene.clock.advance(600_000);
    expect(gardens.map(({ state }) => state.members.length)).toEqual([3, 3, 3]);
  });

  test("ends at its deadline if nobody lets it in", async () => {
    await gathered();
    policy = askAlways;
    const dave = await enter("dave");
    const attempt = dave.user.join({ name: "garden" }, { deadlineMs: 30_000 });
    await until(scene, follow(attempt).isOver);
    await expectMistake(attempt.ready, "no-ready-peers");
  });

  test("has a name that is none", async () => {
    await gathered();
    const dave = await enter("dave");
    await expectMistake(dave.user.join({ name: "" }).ready, "invalid-conversation-name", "name");
  });
});

describe("A join that fails", () => {
  test("has no member that answers, says so at its deadline, and shows no conversation", async () => {
    const { alice, bob, carol, line } = await gathered();
    for (const { user } of [alice, bob, carol]) await user.close();
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 7_000 });
    await scene.clock.advance(6_999);
    expect(dave.user.conversations.size).toBe(1);
    await scene.clock.advance(1);
    const error: unknown = await attempt.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "no-ready-peers", waitedMs: 7_000 });
    await expectMistake(attempt.started, "no-ready-peers");
    await until(scene, () => dave.user.conversations.size === 0);
  });

  test("ends ten seconds after its first question without an answer, if it is not to ask again", async () => {
    const { alice, bob, carol, line } = await gathered();
    for (const { user } of [alice, bob, carol]) await user.close();
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { retry: false });
    await until(scene, follow(attempt).isOver);
    const error: unknown = await attempt.ready.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "no-ready-peers", waitedMs: 10_000 });
    expect(announcedBy(dave)).toHaveLength(0);
  });

  test("is not let in by the deadline, and is by the vote on its next attempt", async () => {
    const { gardens, line } = await gathered();
    policy = ({ vouchedBy }) => (vouchedBy === undefined ? "ask" : "admit");
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 20_000 });
    const { stages, isOver } = follow(attempt);
    await until(scene, isOver);
    await expectMistake(attempt.ready, "out-of-time");
    expect((await attempt.started).elapsedMs).toBeLessThan(20_000);
    expect(stages().slice(-3)).toEqual(["announcing", "waiting", "awaiting-admission"]);
    await until(scene, () => gardens.every(({ state }) => state.requests.length === 0));
    const again = dave.user.join(line);
    await until(scene, () => gardens[0].state.requests.length === 1);
    await gardens[0].admit(dave.id);
    await until(scene, follow(again).isOver);
    expect((await again.ready).membersLearned).toBe(4);
  });

  test("ends with the reason of its signal, before and in the middle", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const reason = new Error("changed my mind");
    await expect(dave.user.join(line, { signal: AbortSignal.abort(reason) }).ready).rejects.toBe(reason);
    expect(dave.user.conversations.size).toBe(0);
    const controller = new AbortController();
    const attempt = dave.user.join(line, { signal: controller.signal });
    await attempt.started;
    controller.abort(reason);
    await expect(attempt.ready).rejects.toBe(reason);
    await until(scene, () => dave.user.conversations.size === 0);
  });

  test("has an invitation that is cut, or a deadline that is none", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const cut: unknown = await dave.user.join(line.slice(0, -1)).started.catch((error: unknown) => error);
    expect(cut).toMatchObject({ code: "invitation-invalid", reason: "cut" });
    for (const deadlineMs of [0, -1, NaN, 86_400_001])
      await expectMistake(dave.user.join(line, { deadlineMs }).ready, "invalid-config", "deadlineMs");
  });

  test("has an option that there is not", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const wrong = { deadline: 60_000 } as never;
    await expectMistake(dave.user.join(line, wrong).ready, "invalid-config", "deadline");
    expect(dave.user.conversations.size).toBe(0);
  });

  test("cannot subscribe", async () => {
    const { line } = await gathered();
    const dave = await enter("dave");
    const cause = new Error("no route");
    dave.transport.subscribe = () => Promise.reject(cause);
    const error: unknown = await dave.user.join(line).started.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "transport", cause });
    expect(dave.user.conversations.size).toBe(0);
  });
});

test("Packets that are neither a probe nor a readiness change nothing, at members and at a joiner", async () => {
  const { alice, line } = await gathered();
  const random = createSeededRandom("garbage");
  const garbage = (length: number): void =>
    scene.network.inject({
      ...{ payload: random.bytes(length), subtopic: JOIN_SUBTOPIC, conversationId: "garden" },
      appId: random.bytes(16),
    });
  const dave = await enter("dave");
  const attempt = dave.user.join(line);
  for (const length of [0, 1, MIN_PROBE_BYTES, READINESS_BYTES, 5_000]) garbage(length);
  await until(scene, follow(attempt).isOver);
  expect((await attempt.ready).membersLearned).toBe(4);
  for (const { events } of [alice, dave]) expect(events.filter(({ kind }) => kind === "error")).toEqual([]);
});

describe("The members' answers", () => {
  const answers = (people: readonly Person[]): number =>
    people
      .flatMap(({ transport }) => transport.attempts)
      .filter(({ packet }) => packet.subtopic === JOIN_SUBTOPIC && packet.payload.length === READINESS_BYTES)
      .length;

  /** Sends a probe of the invitation as a stranger does, changed on its way. @returns the function that sends it again. */
  async function probe(
    garden: Garden,
    seed: string,
    nowSeconds?: number,
    change: (payload: Uint8Array) => Uint8Array = (payload) => payload,
  ): Promise<() => void> {
    const { verifier } = garden.alice.options.plugins;
    const now = Math.floor(scene.clock.wallMs() / 1_000);
    const { secret } = await parseInvitation(garden.line, { verifier, nowSeconds: now });
    const random = createSeededRandom(seed);
    const replyKeys = await garden.alice.mls.hpkeKeyPair();
    const { bytes: payload } = createProbe({ secret, replyKeys, random, nowSeconds: nowSeconds ?? now });
    expect(payload.length).toBeGreaterThanOrEqual(MIN_PROBE_BYTES);
    return () =>
      scene.network.inject({
        ...{
          payload: change(payload),
          subtopic: JOIN_SUBTOPIC,
          conversationId: "garden",
          appId: random.bytes(16),
        },
      });
  }

  test.each<[string, (payload: Uint8Array) => Uint8Array]>([
    ["that are noise", (payload) => payload.map((byte, index) => (byte + 31 * index) % 256)],
    ["whose signature is wrong", (payload) => payload.with(400, (payload[400] ?? 0) ^ 1)],
    ["that begin like a probe", (payload) => payload.fill(0xff, 1)],
  ])("are given after hundreds of packets in a minute %s", async (_which, change) => {
    const garden = await gathered();
    const send = await probe(garden, "forged", undefined, change);
    for (let index = 0; index < 300; index += 1) {
      send();
      if (index % 30 === 0) await scene.clock.advance(1_000);
    }
    await scene.clock.advance(1_000);
    expect(answers([garden.bob])).toBe(0);
    (await probe(garden, "genuine"))();
    await until(scene, () => answers([garden.bob]) > 0);
  });

  test("are given to the holder of one invitation while that of another one floods them", async () => {
    const garden = await gathered();
    const { line } = await garden.gardens[1].createInvitation();
    for (let index = 0; index < JOIN_LIMITS.probeChecksPerSecond; index += 1)
      (await probe({ ...garden, line }, `flood ${index}`))();
    await scene.clock.advance(1_000);
    expect(answers([garden.bob])).toBe(JOIN_LIMITS.probesPerInvitation);
    (await probe(garden, "genuine"))();
    await until(scene, () => answers([garden.bob]) > JOIN_LIMITS.probesPerInvitation);
  });

  test("come from two of them at most: together one and a half times the probe", async () => {
    const garden = await gathered();
    const members = [garden.alice, garden.bob, garden.carol];
    for (let index = 0; index < 10; index += 1) (await probe(garden, `probe ${index}`))();
    await until(scene, () => answers(members) >= 20);
    await scene.clock.advance(60_000);
    expect(answers(members)).toBe(20);
    expect(2 * READINESS_BYTES).toBeLessThanOrEqual(1.5 * MIN_PROBE_BYTES);
  });

  test("are given once for a probe, and for sixty in a minute at most", async () => {
    const garden = await gathered();
    const again = await probe(garden, "again");
    again();
    again();
    await until(scene, () => answers([garden.bob]) >= 1);
    await scene.clock.advance(120_000);
    expect(answers([garden.bob])).toBe(1);
    for (let count = 0; count < 4; count += 1) {
      const { line } = await garden.gardens[1].createInvitation();
      for (let index = 0; index < 25; index += 1)
        (await probe({ ...garden, line }, `flood ${count} ${index}`))();
      await scene.clock.advance(1_000);
    }
    expect(answers([garden.bob])).toBe(1 + JOIN_LIMITS.probesPerMinute);
  });

  test("are not given for a probe of another time", async () => {
    const garden = await gathered();
    const now = Math.floor(scene.clock.wallMs() / 1_000);
    (await probe(garden, "old", now - 7_201))();
    (await probe(garden, "early", now + 7_201))();
    (await probe(garden, "in time", now - 7_000))();
    await until(scene, () => answers([garden.bob]) > 0);
    await scene.clock.advance(60_000);
    expect(answers([garden.bob])).toBe(1);
  });
});

describe("A guest whose invitation is over", () => {
  /** The progress by which a guest is told so, once its attempt has ended. */
  async function toldOf(attempt: JoinAttempt): Promise<JoinProgress | undefined> {
    const { progress, isOver } = follow(attempt);
    await until(scene, isOver);
    return progress.find(({ stage }) => stage === "invitation-over");
  }

  test("is told that it was revoked, and nothing about the group", async () => {
    const { bob, gardens, line } = await gathered();
    await gardens[1].revokeInvitation(gardens[1].state.invitations[0]?.id ?? "");
    await scene.settle();
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 30_000 });
    expect(await toldOf(attempt)).toMatchObject({ over: "revoked", partner: bob.id, tally: undefined });
    await expectMistake(attempt.started, "invitation-over");
  });

  test("is told that others have used it up", async () => {
    const { gardens } = await gathered();
    const { line } = await gardens[1].createInvitation({ uses: 1 });
    const erin = await enter("erin");
    const first = erin.user.join(line);
    await until(scene, follow(first).isOver);
    await first.ready;
    const dave = await enter("dave");
    const attempt = dave.user.join(line, { deadlineMs: 30_000 });
    expect(await toldOf(attempt)).toMatchObject({ over: "used-up", tally: undefined });
    await expectMistake(attempt.ready, "invitation-over");
  });

  test("is told that it has expired, a quarter of an hour later", async () => {
    const { alice, bob, gardens } = await gathered();
    const { verifier } = alice.options.plugins;
    const seconds = (): number => Math.floor(scene.clock.wallMs() / 1_000);
    const { line } = await gardens[1].createInvitation({ expiresAt: seconds() + 60 });
    const { secret } = await parseInvitation(line, { verifier, nowSeconds: seconds() });
    await scene.clock.advance(961_000);
    const replyKeys = await alice.mls.hpkeKeyPair();
    const random = createSeededRandom("expired");
    const { bytes: payload, pending } = createProbe({ secret, replyKeys, random, nowSeconds: seconds() });
    scene.network.inject({
      ...{ payload, subtopic: JOIN_SUBTOPIC, conversationId: "garden", appId: random.bytes(16) },
    });
    const answered = (): Packet | undefined =>
      bob.transport.attempts.map(({ packet }) => packet).find(({ subtopic }) => subtopic === JOIN_SUBTOPIC);
    await until(scene, () => answered() !== undefined);
    const opened = await openReadiness(pending, answered()?.payload ?? new Uint8Array(), {
      ...{ verifier, nowSeconds: seconds(), maxAgeSeconds: 60 },
      verify: (...signed) => alice.mls.verify(...signed),
      open: (...sealed) => alice.mls.hpkeOpen(...sealed),
    });
    expect(opened).toMatchObject({
      ok: true,
      readiness: {
        epoch: 0n,
        head: new Uint8Array(),
        memberCount: 0,
        request: { state: "expired", voters: 0 },
      },
    });
  });
});

describe("No member answers a probe", () => {
  const answersOf = (...people: readonly Person[]): number =>
    people
      .flatMap(({ transport }) => transport.attempts)
      .filter(({ packet }) => packet.subtopic === JOIN_SUBTOPIC && packet.payload.length === READINESS_BYTES)
      .length;

  /** Publishes a probe by the holder of this secret form. */
  async function ask(by: Person, secret: Uint8Array, seed: string): Promise<void> {
    const nowSeconds = Math.floor(scene.clock.wallMs() / 1_000);
    const random = createSeededRandom(seed);
    const replyKeys = await by.mls.hpkeKeyPair();
    const { bytes: payload } = createProbe({ secret, replyKeys, random, nowSeconds });
    const appId = random.bytes(16);
    scene.network.inject({ payload, subtopic: JOIN_SUBTOPIC, conversationId: "garden", appId });
    await scene.settle();
    await scene.clock.advance(1_000);
  }

  test("of an inviter that is gone", async () => {
    const { alice, bob, carol, gardens, line } = await gathered();
    const { verifier } = alice.options.plugins;
    const nowSeconds = Math.floor(scene.clock.wallMs() / 1_000);
    const { secret } = await parseInvitation(line, { verifier, nowSeconds });
    await ask(alice, Uint8Array.from(secret), "while it is there");
    expect(answersOf(alice, carol)).toBe(1);
    const removal = gardens[0].proposeRemove(bob.id);
    await until(scene, () => [gardens[0], gardens[2]].every(({ state }) => state.members.length === 2));
    await removal.committed;
    const before = answersOf(alice, carol);
    for (let index = 0; index < 4; index += 1) await ask(alice, Uint8Array.from(secret), `gone ${index}`);
    expect(answersOf(alice, carol)).toBe(before);
  });

  test("whose invitation the inviter has not signed", async () => {
    const { alice, bob, carol, gardens } = await gathered();
    const mallory = await enter("mallory");
    const { groupId } = gardens[0].state;
    // It names bob as the inviter, and mallory signs it.
    const forged = await issueInvitation(
      { conversationName: "garden", groupId },
      {
        signer: { identity: bob.options.plugins.signer.identity, sign: mallory.options.plugins.signer.sign },
        random: createSeededRandom("forged"),
        nowSeconds: Math.floor(scene.clock.wallMs() / 1_000),
      },
    );
    for (let index = 0; index < 4; index += 1) await ask(mallory, forged.secret, `forged ${index}`);
    expect(answersOf(alice, bob, carol)).toBe(0);
  });

  test("while it catches up", async () => {
    scene = createScene({ seed: "catching up", fakes: true });
    policy = admitAll;
    const storage = createMemoryStorage();
    const [alice, bob] = [await enter("alice", storage), await enter("bob")];
    const [garden] = await scene.gather("garden", alice, bob);
    const { secret } = await garden.createInvitation();
    await scene.clock.advance(60_000);
    await alice.user.close();
    await bob.user.close();
    const transport = scene.network.join();
    const again = await createUserFrom({ ...alice.options, transport, storage });
    await scene.clock.advance(1_000);
    expect(again.conversation("garden").state.catchingUp).toBe(true);
    const answers = (): number =>
      transport.attempts.filter(({ packet }) => packet.subtopic === JOIN_SUBTOPIC).length;
    await ask(alice, Uint8Array.from(secret), "too early");
    expect(answers()).toBe(0);
    await until(scene, () => !again.conversation("garden").state.catchingUp);
    await ask(alice, Uint8Array.from(secret), "in time");
    expect(answers()).toBe(1);
    await again.close();
  });
});

describe("A joiner", () => {
  /** Answers each probe on the network by this readiness, as a holder of the invitation can. */
  async function answerProbes(
    { alice, gardens, line }: Garden,
    by: Person,
    changes: Partial<Readiness> = {},
  ): Promise<void> {
    const { verifier, signer } = by.options.plugins;
    const nowSeconds = Math.floor(scene.clock.wallMs() / 1_000);
    const { secret } = await parseInvitation(line, { verifier, nowSeconds });
    const own = await by.user.createConversation("own");
    const keySince = by.mls.signatureKeySince;
    const signatureKey = by.mls.signaturePublicKey;
    const identity = signer.identity;
    const identityProof = await signer.sign(identityStatement(identity, signatureKey, keySince));
    const group = await by.mls.createGroup("own");
    await by.transport.subscribe("garden", (packet) => {
      const read = packet.subtopic === JOIN_SUBTOPIC ? readProbe(packet.payload) : undefined;
      if (read?.ok !== true) return;
      const readiness: Readiness = {
        groupId: gardens[0].state.groupId ?? "",
        epoch: gardens[0].state.epoch ?? 0n,
        // Any holder of the invitation is told the mark of the group.
        head: headOf({ epochAuthenticator: hexToBytes(gardens[0].state.epochAuthenticator ?? "")! }),
        ...{ appliedMessages: 0, memberCount: 4, member: by.id, signatureKey, keySince, identityProof },
        request: { state: "member", yes: 0, no: 0, voters: 0, millisecondsLeft: 0 },
        sentAt: Math.floor(scene.clock.wallMs() / 1_000),
        ...changes,
      };
      void sealReadiness(read.probe, readiness, {
        memberKey: memberKey(secret),
        sign: (label, content) => by.mls.sign(group, label, content),
        seal: (...parts) => by.mls.hpkeSeal(...parts),
      }).then((payload) =>
        scene.network.inject({
          ...{ payload, subtopic: JOIN_SUBTOPIC, conversationId: "garden", appId: new Uint8Array(16) },
        }),
      );
    });
    expect([alice.id, own.name]).not.toContain(by.id);
  }

  test("counts no stranger that knows line and mark, and is not ready while it lacks the group's sync", async () => {
    const garden = await gathered();
    const mallory = await enter("mallory");
    await answerProbes(garden, mallory);
    const dave = await enter("dave");
    let isDeaf = true;
    const { subscribe } = dave.transport;
    dave.transport.subscribe = (id, listener) =>
      subscribe(id, (packet) => {
        const isHeard = !isDeaf || packet.subtopic === WELCOME_SUBTOPIC || packet.subtopic === JOIN_SUBTOPIC;
        if (isHeard) listener(packet);
      });
    const attempt = dave.user.join(garden.line);
    const { isOver } = follow(attempt);
    const joined = await attempt.conversation;
    await until(scene, () => joined.state.phase === "working");
    await scene.clock.advance(30_000);
    expect(isOver()).toBe(false);
    isDeaf = false;
    await until(scene, isOver);
    expect((await attempt.started).syncPartner).toBe(mallory.id);
    const { ackedBy, trust } = await attempt.ready;
    expect(ackedBy).not.toContain(mallory.id);
    expect(trust).toBe("inviter");
  });

  test("that nobody has confirmed the group to is not ready by the answers of a stranger", async () => {
    const garden = await gathered();
    policy = admitAll;
    const dave = await enter("dave");
    const joined = await dave.user.join({ name: "garden", groupId: garden.gardens[0].state.groupId! })
      .conversation;
    await until(scene, () => joined.state.phase === "working");
    await scene.clock.advance(60_000);
    expect(joined.state.unconfirmed).toBe(true);
    // The inviter is away, and only a holder of the same line answers.
    await garden.bob.user.close();
    const mallory = await enter("mallory");
    await answerProbes(garden, mallory);
    const attempt = dave.user.join(garden.line, { deadlineMs: 60_000 });
    await until(scene, follow(attempt).isOver);
    expect((await attempt.started).syncPartner).toBeDefined();
    await expectMistake(attempt.ready, "backfill");
  });

  test("is ready in a group that it had joined by its id once the inviter answers", async () => {
    const garden = await gathered();
    policy = admitAll;
    const dave = await enter("dave");
    const joined = await dave.user.join({ name: "garden", groupId: garden.gardens[0].state.groupId! })
      .conversation;
    await until(scene, () => joined.state.phase === "working");
    const attempt = dave.user.join(garden.line, { deadlineMs: 60_000 });
    await until(scene, follow(attempt).isOver);
    expect((await attempt.ready).trust).toBe("inviter");
    expect(joined.state.unconfirmed).toBe(false);
  });

  test("believes no answer of another time", async () => {
    const garden = await gathered();
    for (const { user } of [garden.alice, garden.bob, garden.carol]) await user.close();
    const mallory = await enter("mallory");
    await answerProbes(garden, mallory, { sentAt: Math.floor(scene.clock.wallMs() / 1_000) - 7_300 });
    const dave = await enter("dave");
    const attempt = dave.user.join(garden.line, { deadlineMs: 20_000 });
    await until(scene, follow(attempt).isOver);
    await expectMistake(attempt.started, "no-ready-peers");
  });
});
