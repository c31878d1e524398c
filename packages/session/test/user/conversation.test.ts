import { createMemoryStorage } from "@demls/storage-memory";
import type { MemberId } from "@demls/wire/core";
import { config as rxjs } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createUserFrom } from "../../src/index.js";
import { createDeferred } from "../../src/runtime/deferred.js";
import {
  advance,
  enter,
  eventsOf,
  expectMistake,
  gather,
  openScene,
  settle,
  textsOf,
  until,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person, carol: Person;

beforeEach(async () => {
  ({ scene, alice, bob, carol } = await openScene("conversations", "alice", "bob", "carol"));
});

afterEach(async () => {
  await scene.close();
  rxjs.onUnhandledError = null;
});

/** A conversation of three users. */
const garden = () => gather(scene, "garden", alice, bob, carol);

test("renewKeys resolves once a commit has renewed the keys, and rejects if the conversation ends before", async () => {
  const [atAlice, atBob] = await garden();
  const seen = atBob.nextEvent("keysRenewed");
  const renewed = atAlice.renewKeys();
  await until(scene, () => eventsOf(bob, "keysRenewed").length > 0);
  await renewed;
  expect(await seen).toMatchObject({ member: alice.id });
  const late = atAlice.renewKeys();
  await alice.user.close();
  await expectMistake(late, "conversation-ended");
});

describe("An invalid call", () => {
  test("while the join is pending rejects with not-joined", async () => {
    const pending = await bob.user.join({ name: "garden" }).conversation;
    await expectMistake(pending.send("hello"), "not-joined", "conversation");
    await expectMistake(pending.admin.sendSync(), "not-joined", "conversation");
    await expectMistake(pending.vote(1, true), "not-joined", "conversation");
    await expectMistake(pending.proposeRemove(alice.id).accepted, "not-joined", "conversation");
    await expectMistake(pending.unban(alice.id), "not-joined", "conversation");
    expect(pending.state.phase).toBe("pending-join");
  });

  test("that names a non-member is rejected, and nothing is proposed", async () => {
    const [atAlice] = await garden();
    const stranger = await enter(scene, "stranger");
    const before = atAlice.state;
    const call = atAlice.proposeRemove(stranger.id);
    await expectMistake(call.accepted, "not-a-member", "member");
    await expectMistake(call.decided, "not-a-member", "member");
    await expectMistake(call.committed, "not-a-member", "member");
    expect(atAlice.state).toBe(before);
  });

  test("of unban rejects for a member that is not banned, and for no id", async () => {
    const [atAlice] = await garden();
    await expectMistake(atAlice.unban(bob.id), "not-banned", "member");
    await expectMistake(atAlice.unban("bob" as MemberId), "invalid-member-id", "memberId");
  });

  test("of vote rejects with unknown-proposal or already-voted", async () => {
    const [atAlice, atBob] = await garden();
    await expectMistake(atBob.vote(12_345, true), "unknown-proposal", "proposalId");
    const id = await atAlice.proposeRemove(carol.id).accepted;
    await settle(scene);
    await atBob.vote(id, false);
    await expectMistake(atBob.vote(id, true), "already-voted", "proposalId");
    await expectMistake(atAlice.vote(id, false), "already-voted", "proposalId");
  });

  test("with a message that is too large is rejected before encryption", async () => {
    const [atAlice] = await garden();
    const before = atAlice.state;
    await expectMistake(atAlice.send(new Uint8Array(256 * 1_024 + 1)), "message-too-large", "content");
    expect(atAlice.state).toBe(before);
    await expect(atAlice.send(new Uint8Array(256 * 1_024))).resolves.toBeDefined();
  });

  test("after the end rejects with the end reason", async () => {
    const alone = await alice.user.createConversation("cellar");
    await alone.leave().committed;
    await settle(scene);
    await expect(alone.send("echo?")).rejects.toMatchObject({ code: "conversation-ended", reason: "left" });
  });
});

describe("The streams", () => {
  test("state$ starts with the current state, and events$ with the next event", async () => {
    const [atAlice] = await garden();
    const states: unknown[] = [];
    const events: unknown[] = [];
    atAlice.state$.subscribe((state) => states.push(state));
    atAlice.events$.subscribe((event) => events.push(event));
    expect(states).toEqual([atAlice.state]);
    expect(events).toEqual([]);
    const call = atAlice.proposeRemove(carol.id);
    await call.accepted;
    expect(states.length).toBeGreaterThan(1);
    expect(states.at(-1)).toBe(atAlice.state);
  });

  test("show the new state to event subscribers", async () => {
    const [, atBob] = await garden();
    const seen: [bigint, bigint | undefined][] = [];
    atBob.events$.subscribe((event) => {
      if (event.kind === "commitApplied") seen.push([event.epoch, atBob.state.epoch]);
    });
    atBob.proposeRemove(carol.id);
    await until(scene, () => seen.length > 0);
    expect(seen).toEqual([[2n, 2n]]);
  });

  test("complete after leaving, which is the last event", async () => {
    const [, atBob] = await garden();
    const log: string[] = [];
    atBob.events$.subscribe({ next: ({ kind }) => log.push(kind), complete: () => log.push("complete") });
    atBob.leave();
    await until(scene, () => log.includes("complete"));
    expect(log.slice(-2)).toEqual(["leaving", "complete"]);
    expect(atBob.state.phase).toBe("ended");
  });

  test("continue after an error event", async () => {
    const [atAlice] = await garden();
    let ended = false;
    atAlice.events$.subscribe({ error: () => (ended = true), complete: () => (ended = true) });
    alice.transport.mood = "refusing";
    await atAlice.send("lost");
    await advance(scene, 10_000);
    expect(eventsOf(alice, "error")).toHaveLength(1);
    expect(ended).toBe(false);
  });

  test("survive a subscriber that throws", async () => {
    const [atAlice, atBob] = await garden();
    let [thrown, reported] = [0, 0];
    const crash = (): void => {
      thrown += 1;
      throw new Error("my view crashed");
    };
    const subscriptions = [
      atBob.events$.subscribe(crash),
      atBob.state$.subscribe(crash),
      atBob.admin.inbound$.subscribe(crash),
    ];
    // RxJS passes a subscriber's error to this handler, in its own task.
    const allReported = createDeferred<void>();
    rxjs.onUnhandledError = () => {
      reported += 1;
      if (reported === thrown && subscriptions.every(({ closed }) => closed)) allReported.resolve();
    };
    await atAlice.send("one");
    await atAlice.send("two");
    await settle(scene);
    expect(textsOf(bob)).toEqual(["one", "two"]);
    await expect(atBob.send("three")).resolves.toBeDefined();
    for (const subscription of subscriptions) subscription.unsubscribe();
    await allReported.promise;
    expect(thrown).toBeGreaterThan(3);
  });

  test("hide their subjects", async () => {
    const [atAlice] = await garden();
    for (const stream of [atAlice.events$, atAlice.state$, atAlice.admin.inbound$]) {
      expect(stream).not.toHaveProperty("next");
    }
  });
});

describe("Commands", () => {
  test("run in call order, including one with asynchronous work", async () => {
    const dora = await enter(scene, "dora");
    await dora.user.join({ name: "garden" }, { announce: false }).conversation;
    const keyPackage = await dora.user.generateKeyPackage();
    const [atAlice] = await garden();
    const order: string[] = [];
    const note = (what: string) => (): void => void order.push(what);
    const earlier = alice.transport.attempts.length;
    await Promise.all([
      atAlice.send("before").then(note("before")),
      atAlice.proposeAdd(keyPackage, { creatorVote: "deferred" }).accepted.then(note("proposal")),
      atAlice.send("after").then(note("after")),
    ]);
    expect(order).toEqual(["before", "proposal", "after"]);
    await settle(scene);
    expect(alice.transport.attempts.length - earlier).toBeGreaterThanOrEqual(3);
    const heard = bob.events.filter(({ kind }) => kind === "message" || kind === "voteRequested").slice(-3);
    expect(heard.map(({ kind }) => kind)).toEqual(["message", "voteRequested", "message"]);
  });

  test("fail independently of each other", async () => {
    const [atAlice] = await garden();
    const results = await Promise.allSettled([
      atAlice.send("one"),
      atAlice.vote(1, true),
      atAlice.send("two"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await settle(scene);
    expect(textsOf(bob)).toEqual(["one", "two"]);
  });

  test("whose step fails in a layer reject with the layer's error, and leave the state unchanged", async () => {
    const [atAlice] = await garden();
    const before = atAlice.state;
    vi.spyOn(alice.mls, "seal").mockRejectedValueOnce(new Error("out of entropy"));
    await expect(atAlice.send("one")).rejects.toThrow("out of entropy");
    expect(atAlice.state).toBe(before);
    await expect(atAlice.send("two")).resolves.toBeDefined();
  });

  test("a packet that makes a layer throw leads to an error event without the layer's message", async () => {
    const [atAlice] = await garden();
    vi.spyOn(bob.mls, "open").mockRejectedValueOnce(new Error("key 0xdecaf"));
    await atAlice.send("one");
    await settle(scene);
    await atAlice.send("two");
    await settle(scene);
    expect(textsOf(bob)).toEqual(["two"]);
    expect(eventsOf(bob, "error")).toEqual([
      expect.objectContaining({ operation: "packet", message: "A packet could not be processed." }),
    ]);
  });
});

describe("A timer", () => {
  test("whose step fails in a layer leads to an error event, and is retried a second later", async () => {
    const atAlice = await alice.user.createConversation("garden");
    await bob.user.join({ name: "garden" }).conversation;
    const propose = vi.spyOn(alice.mls, "createCandidate").mockRejectedValueOnce(new Error("key 0xdecaf"));
    await until(scene, () => propose.mock.calls.length === 1);
    await settle(scene);
    expect(eventsOf(alice, "error")).toEqual([
      expect.objectContaining({ operation: "tick", message: "A step failed." }),
    ]);
    expect(atAlice.state.members).toHaveLength(1);
    await advance(scene, 1_000);
    expect(atAlice.state.members).toHaveLength(2);
  });
});

describe("A join without an answer", () => {
  test("expires at its deadline, and not before", async () => {
    const attempt = bob.user.join({ name: "garden" }, { deadlineMs: 200_000 });
    const pending = await attempt.conversation;
    await advance(scene, 199_999);
    expect(pending.state.phase).toBe("pending-join");
    await advance(scene, 1);
    await expectMistake(attempt.ready, "no-ready-peers");
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason: "join-expired" }]);
    expect(bob.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "join-expired" }]);
    expect(bob.user.conversations.size).toBe(0);
  });

  test("expires after five of the joiner's inactivity timeouts, if no attempt follows a restart", async () => {
    const storage = createMemoryStorage();
    const dora = await scene.enter("dora", storage);
    await dora.user.join({ name: "garden" }, { config: { commitInactivityMs: 80_000 } }).conversation;
    await dora.user.close();
    const again = await createUserFrom({ ...dora.options, transport: scene.network.join(), storage });
    const pending = again.conversation("garden");
    await advance(scene, 399_999);
    expect(pending.state.phase).toBe("pending-join");
    await advance(scene, 1);
    expect(pending.state.phase).toBe("ended");
    await again.close();
  });

  test("leaves a group whose welcome comes too late, and is admitted when it is repeated", async () => {
    await alice.user.createConversation("garden");
    const impatient = { commitInactivityMs: 1, freezeMs: 1, consensusTimeoutMs: 100, votingDelayMs: 50 };
    const shortest = { ...impatient, electionVotingDelayMs: 50, recoveryInactivityMs: 1 };
    await bob.user.join({ name: "garden" }, { config: shortest, deadlineMs: 100 }).conversation;
    await advance(scene, 100_000);
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason: "join-expired" }]);
    expect(alice.user.conversation("garden").state.members).toHaveLength(1);
    const again = await bob.user.join({ name: "garden" }).conversation;
    await advance(scene, 200_000);
    expect(again.state.phase).toBe("working");
  });

  test("is cancelled by leave", async () => {
    const pending = await bob.user.join({ name: "garden" }).conversation;
    const wipeKeyPackage = vi.spyOn(bob.mls, "wipeKeyPackage");
    await pending.leave().committed;
    await settle(scene);
    expect(bob.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "join-cancelled" }]);
    expect(bob.user.conversations.size).toBe(0);
    // A late welcome is answered by a leave, for which its key package is kept.
    await advance(scene, 7 * 24 * 3_600_000 - 1_000);
    expect(wipeKeyPackage).not.toHaveBeenCalled();
    await advance(scene, 1_000);
    expect(wipeKeyPackage).toHaveBeenCalledTimes(1);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });
});
