import { config as rxjs } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDeferred } from "../../src/runtime/deferred.js";
import type { Conversation } from "../../src/index.js";
import {
  advance,
  createScene,
  enter,
  eventsOf,
  expectMistake,
  gather,
  settle,
  textsOf,
  until,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  scene = createScene("conversations");
  alice = await enter(scene, "alice");
  bob = await enter(scene, "bob");
  carol = await enter(scene, "carol");
});

afterEach(async () => {
  await scene.close();
  rxjs.onUnhandledError = null;
});

/** A conversation of the three, as each of them holds it. */
async function garden(): Promise<[Conversation, Conversation, Conversation]> {
  return (await gather(scene, "garden", alice, bob, carol)) as [Conversation, Conversation, Conversation];
}

describe("A mistake of the caller", () => {
  test("while the join is pending is refused as not joined", async () => {
    const pending = await bob.user.joinConversation("garden");
    await expectMistake(pending.send("hello"), "not-joined", "conversation");
    await expectMistake(pending.admin.sendSync(), "not-joined", "conversation");
    await expectMistake(pending.vote(1, true), "not-joined", "conversation");
    await expectMistake(pending.proposeRemove(alice.id).accepted, "not-joined", "conversation");
    expect(pending.state.phase).toBe("pending-join");
  });

  test("that names a stranger is told so, and nothing is proposed", async () => {
    const [atAlice] = await garden();
    const stranger = await enter(scene, "stranger");
    const before = atAlice.state;
    const call = atAlice.proposeRemove(stranger.id);
    await expectMistake(call.accepted, "not-a-member", "member");
    await expectMistake(call.decided, "not-a-member", "member");
    await expectMistake(call.committed, "not-a-member", "member");
    expect(atAlice.state).toBe(before);
  });

  test("on a vote is told apart: unknown, and already cast", async () => {
    const [atAlice, atBob] = await garden();
    await expectMistake(atBob.vote(12_345, true), "unknown-proposal", "proposalId");
    const id = await atAlice.proposeRemove(carol.id).accepted;
    await settle(scene);
    await atBob.vote(id, false);
    await expectMistake(atBob.vote(id, true), "already-voted", "proposalId");
    await expectMistake(atAlice.vote(id, false), "already-voted", "proposalId");
  });

  test("in a message's size is refused before anything is sealed", async () => {
    const [atAlice] = await garden();
    const before = atAlice.state;
    await expectMistake(atAlice.send(new Uint8Array(256 * 1_024 + 1)), "message-too-large", "content");
    expect(atAlice.state).toBe(before);
    await expect(atAlice.send(new Uint8Array(256 * 1_024))).resolves.toBeDefined();
  });

  test("after the end is told that it is over", async () => {
    const alone = await alice.user.createConversation("cellar");
    await alone.leave().committed;
    await settle(scene);
    await expect(alone.send("echo?")).rejects.toMatchObject({ code: "conversation-ended", reason: "left" });
  });
});

describe("The streams", () => {
  test("state$ begins with the state as it is, and events$ with what comes next", async () => {
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

  test("show the new state to whoever hears of an event", async () => {
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

  test("go on after an error, which is an event", async () => {
    const [atAlice] = await garden();
    let ended = false;
    atAlice.events$.subscribe({ error: () => (ended = true), complete: () => (ended = true) });
    alice.transport.mood = "refusing";
    await atAlice.send("lost");
    await advance(scene, 10_000);
    expect(eventsOf(alice, "error")).toHaveLength(1);
    expect(ended).toBe(false);
  });

  test("are not broken by a subscriber that throws", async () => {
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
    // RxJS hands what a subscriber throws to this, in a task of its own.
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

  test("cannot be written to from outside", async () => {
    const [atAlice] = await garden();
    for (const stream of [atAlice.events$, atAlice.state$, atAlice.admin.inbound$]) {
      expect(stream).not.toHaveProperty("next");
    }
  });
});

describe("Commands", () => {
  test("are taken in the order of the calls, one that takes work to make included", async () => {
    const dora = await enter(scene, "dora");
    await dora.user.joinConversation("garden", { announce: false });
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

  test("fail alone: those before and after are carried out", async () => {
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

  test("whose step breaks down in a layer reject with that, and leave the state as it was", async () => {
    const [atAlice] = await garden();
    const before = atAlice.state;
    vi.spyOn(alice.mls, "seal").mockRejectedValueOnce(new Error("out of entropy"));
    await expect(atAlice.send("one")).rejects.toThrow("out of entropy");
    expect(atAlice.state).toBe(before);
    await expect(atAlice.send("two")).resolves.toBeDefined();
  });

  test("a packet that breaks a layer is an error event, without the layer's words", async () => {
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
  test("whose step breaks down in a layer is an error event, and what was due is tried again a second later", async () => {
    const atAlice = await alice.user.createConversation("garden");
    await bob.user.joinConversation("garden");
    const propose = vi.spyOn(alice.mls, "propose").mockRejectedValueOnce(new Error("key 0xdecaf"));
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

describe("A join that nobody answers", () => {
  test("is given up after three times the joiner's own inactivity time, and not before", async () => {
    const pending = await bob.user.joinConversation("garden", { config: { commitInactivityMs: 20_000 } });
    const wipeKeyPackage = vi.spyOn(bob.mls, "wipeKeyPackage");
    await advance(scene, 59_999);
    expect(pending.state.phase).toBe("pending-join");
    await advance(scene, 1);
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason: "join-expired" }]);
    expect(bob.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "join-expired" }]);
    expect(wipeKeyPackage).toHaveBeenCalledTimes(1);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });

  test("is cancelled by leaving", async () => {
    const pending = await bob.user.joinConversation("garden");
    const wipeKeyPackage = vi.spyOn(bob.mls, "wipeKeyPackage");
    await pending.leave().committed;
    await settle(scene);
    expect(bob.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "join-cancelled" }]);
    expect(wipeKeyPackage).toHaveBeenCalledTimes(1);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });
});
