import { config as rxjs } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDeferred } from "../src/deferred.js";
import type { Conversation } from "../src/index.js";
import { expectMistake } from "./demls-error.js";
import { createScene, eventsOf, watch, type Person, type Scene } from "./scene.js";

let scene: Scene;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  scene = createScene("conversations");
  alice = await scene.enter("alice");
  bob = await scene.enter("bob");
  carol = await scene.enter("carol");
});

afterEach(() => scene.close());

/** A conversation of the three, as each of them holds it. */
async function garden(): Promise<[Conversation, Conversation, Conversation]> {
  return (await scene.gather("garden", alice, bob, carol)) as [Conversation, Conversation, Conversation];
}

function textsOf(person: Person): (string | undefined)[] {
  return eventsOf(person, "message").map(({ text }) => text);
}

describe("A mistake of the caller", () => {
  test("while the join is pending is refused as not joined", async () => {
    const pending = await bob.user.joinConversation("garden");
    await expectMistake(pending.send("hello"), "not-joined");
    await expectMistake(pending.sendSync(), "not-joined");
    await expectMistake(pending.vote(1, true), "not-joined", "proposalId");
    await expectMistake(pending.ban(alice.id).accepted, "not-joined");
    expect(pending.state.phase).toBe("pending-join");
  });

  test("that names a stranger is told so, and nothing is proposed", async () => {
    const [atAlice] = await garden();
    const stranger = await scene.enter("stranger");
    const before = atAlice.state;
    const call = atAlice.ban(stranger.id);
    await expectMistake(call.accepted, "not-a-member", "member");
    await expectMistake(call.decided, "not-a-member", "member");
    await expectMistake(call.committed, "not-a-member", "member");
    expect(atAlice.state).toBe(before);
  });

  test("on a vote is told apart: unknown, and already cast", async () => {
    const [atAlice, atBob] = await garden();
    await expectMistake(atBob.vote(12_345, true), "unknown-proposal", "proposalId");
    const id = await atAlice.ban(carol.id).accepted;
    await scene.settle();
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
    await scene.settle();
    await expectMistake(alone.send("echo?"), "closed");
  });
});

describe("Sending", () => {
  test("resolves when the message is sealed; published when the network has it", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "stalled";
    const message = await atAlice.send("hello");
    const published = watch(message.published);
    await scene.clock.advance(60_000);
    expect(published.outcome).toBe("pending");
    expect(atAlice.state.pendingOutbound).toBeGreaterThan(0);
    expect(textsOf(bob)).toEqual([]);
  });

  test("takes text and bytes, copies the bytes, and gives both to all others but oneself", async () => {
    const [atAlice] = await garden();
    const bytes = Uint8Array.of(0xff, 0x00, 0x41);
    const sending = atAlice.send(bytes);
    bytes.fill(7);
    await (
      await sending
    ).published;
    await (
      await atAlice.send("grüße")
    ).published;
    await scene.settle();
    for (const person of [bob, carol]) {
      expect(eventsOf(person, "message")).toMatchObject([
        { sender: alice.id, content: Uint8Array.of(0xff, 0x00, 0x41), text: undefined, epoch: 1n },
        { sender: alice.id, text: "grüße", epoch: 1n },
      ]);
    }
    expect(textsOf(alice)).toEqual([]);
  });

  test("keeps the order of the calls, though the first tries fail", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "refusing";
    const texts = ["one", "two", "three", "four"];
    const sent = await Promise.all(texts.map((text) => atAlice.send(text)));
    await scene.clock.advance(300);
    expect(textsOf(bob)).toEqual([]);
    alice.transport.mood = "well";
    await scene.clock.advance(10_000);
    await Promise.all(sent.map(({ published }) => published));
    expect(textsOf(bob)).toEqual(texts);
    expect(textsOf(carol)).toEqual(texts);
  });

  test("is tried six times, each wait twice the one before, and then given up with an error", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "refusing";
    const earlier = alice.transport.attempts.length;
    const startMs = scene.clock.monotonicMs();
    const { published } = await atAlice.send("is this thing on?");
    const outcome = watch(published);
    await scene.clock.advance(7_749);
    expect(outcome.outcome).toBe("pending");
    expect(eventsOf(alice, "error")).toEqual([]);

    await scene.clock.advance(1);
    await expectMistake(published, "not-published");
    const waits = alice.transport.attempts.slice(earlier).map(({ atMs }) => atMs - startMs);
    expect(waits).toEqual([0, 250, 750, 1_750, 3_750, 7_750]);
    expect(eventsOf(alice, "error")).toMatchObject([
      { operation: "publish", message: expect.not.stringContaining("radio") },
    ]);
    expect(atAlice.state.pendingOutbound).toBe(0);

    alice.transport.mood = "well";
    await (
      await atAlice.send("now?")
    ).published;
    await scene.settle();
    expect(textsOf(bob)).toEqual(["now?"]);
  });

  test("survives a transport that throws instead of rejecting", async () => {
    const [atAlice] = await garden();
    const publish = vi.spyOn(alice.transport, "publish").mockImplementationOnce(() => {
      throw new Error("synchronously");
    });
    const { published } = await atAlice.send("hello");
    await scene.clock.advance(250);
    await published;
    expect(publish).toHaveBeenCalledTimes(2);
    expect(textsOf(bob)).toEqual(["hello"]);
  });

  test("fails where the conversation is closed before the message is out", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "stalled";
    const { published } = await atAlice.send("too late");
    await alice.user.close();
    await expectMistake(published, "conversation-ended");
  });
});

describe("A transport that never answers", () => {
  test("stops no packet, no vote and no decision", async () => {
    const [atAlice, atBob] = await garden();
    alice.transport.mood = "stalled";
    await atAlice.send("stuck");
    await atBob.send("can you hear me?");
    const call = atBob.ban(carol.id);
    const id = await call.accepted;
    await scene.settle();
    expect(textsOf(alice)).toEqual(["can you hear me?"]);
    await atAlice.vote(id, true);
    await scene.settle();
    expect(eventsOf(alice, "voteCast")).toContainEqual(
      expect.objectContaining({ proposalId: id, voter: alice.id, vote: true }),
    );
    expect(eventsOf(alice, "proposalDecided")).toContainEqual(
      expect.objectContaining({ proposalId: id, result: "yes" }),
    );
  });

  test("does not keep the user from closing", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "stalled";
    await atAlice.send("stuck");
    await alice.user.close();
    expect(atAlice.state.pendingOutbound).toBe(1);
  });
});

describe("A signer that takes its time", () => {
  /** Makes a person's signatures wait for the test. */
  function slow(person: Person): { sign(): void; readonly asked: number } {
    const gate = createDeferred<void>();
    let asked = 0;
    person.signing = async (sign) => {
      asked += 1;
      await gate.promise;
      return sign();
    };
    return {
      sign: gate.resolve,
      get asked() {
        return asked;
      },
    };
  }

  test("holds up its own vote and nothing else", async () => {
    const [atAlice, atBob] = await garden();
    const wallet = slow(bob);
    const id = await atAlice.ban(carol.id).accepted;
    await scene.settle();
    await atBob.vote(id, true);
    expect(wallet.asked).toBe(1);
    expect(atBob.state.openVotes).toMatchObject([{ proposalId: id, voted: true, yes: 1 }]);
    await atAlice.send("meanwhile");
    await atBob.send("I am still deciding");
    await scene.settle();
    expect(textsOf(bob)).toEqual(["meanwhile"]);
    expect(textsOf(alice)).toEqual(["I am still deciding"]);

    wallet.sign();
    await scene.settle();
    expect(eventsOf(alice, "voteCast")).toContainEqual(
      expect.objectContaining({ proposalId: id, voter: bob.id, vote: true }),
    );
  });

  test("may come too late for its vote: that is an error event, and the others have decided", async () => {
    const [atAlice, atBob] = await garden();
    const wallet = slow(bob);
    const id = await atAlice.ban(carol.id).accepted;
    await scene.settle();
    await atBob.vote(id, true);
    await scene.until(() => carol.user.conversations.size === 0 && atBob.state.members.length === 2);
    wallet.sign();
    await scene.settle();
    expect(eventsOf(bob, "error")).toMatchObject([{ operation: "vote" }]);
    expect(atBob.state.phase).toBe("working");
  });

  test("of minutes delays a proposal, whose vote begins when it goes out: silence until then is no yes", async () => {
    const [, atBob] = await garden();
    const wallet = slow(bob);
    const call = atBob.ban(carol.id);
    const progress = [call.accepted, call.decided, call.committed].map(watch);
    await scene.clock.advance(300_000);
    expect(progress.map(({ outcome }) => outcome)).toEqual(["pending", "pending", "pending"]);
    expect(eventsOf(bob, "proposalDecided")).not.toContainEqual(
      expect.objectContaining({ result: "yes", request: expect.objectContaining({ kind: "remove_member" }) }),
    );
    expect(atBob.state.approved).toEqual([]);
    expect(
      eventsOf(carol, "voteRequested").filter(({ request }) => request.kind === "remove_member"),
    ).toEqual([]);

    wallet.sign();
    const id = await call.accepted;
    await scene.settle();
    expect(eventsOf(carol, "voteRequested")).toContainEqual(expect.objectContaining({ proposalId: id }));
    await scene.until(() => progress[2]?.outcome !== "pending");
    await expect(call.decided).resolves.toBe("yes");
    await expect(call.committed).resolves.toBeUndefined();
  });

  test("that never answers: the proposal is given up at the end of its lifetime", async () => {
    const [, atBob] = await garden();
    const wallet = slow(bob);
    const call = atBob.ban(carol.id);
    await scene.clock.advance(600_000);
    await expectMistake(call.accepted, "abandoned");
    await expectMistake(call.decided, "abandoned");
    await expectMistake(call.committed, "abandoned");
    expect(atBob.state.openVotes).toEqual([]);

    const attempts = bob.transport.attempts.length;
    wallet.sign();
    await scene.settle();
    expect(bob.transport.attempts).toHaveLength(attempts);
    await expect(atBob.ban(carol.id).accepted).resolves.toEqual(expect.any(Number));
  });

  test("that declines: an error event without what it said, and the proposal is given up", async () => {
    const [, atBob] = await garden();
    bob.signing = () => {
      throw new Error("seed phrase: zoo zoo zoo");
    };
    const call = atBob.ban(carol.id);
    await expectMistake(call.accepted, "abandoned");
    await expectMistake(call.decided, "abandoned");
    await expectMistake(call.committed, "abandoned");
    expect(eventsOf(bob, "error")).toEqual([
      {
        conversation: "garden",
        kind: "error",
        operation: "sign",
        message: "The signer did not sign a vote.",
      },
    ]);
    expect(atBob.state.openVotes).toEqual([]);
  });

  test("that declines another's proposal: the vote is not cast, and the group decides without it", async () => {
    const [atAlice, atBob] = await garden();
    bob.signing = () => {
      throw new Error("no");
    };
    const call = atAlice.ban(carol.id);
    await scene.until(() => atBob.state.members.length === 2);
    await expect(call.decided).resolves.toBe("yes");
    expect(eventsOf(alice, "voteCast").some(({ voter }) => voter === bob.id)).toBe(false);
    expect(eventsOf(bob, "error")).toMatchObject([{ operation: "sign" }]);
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
    const call = atAlice.ban(carol.id);
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
    atBob.ban(carol.id);
    await scene.until(() => seen.length > 0);
    expect(seen).toEqual([[2n, 2n]]);
  });

  test("complete after leaving, which is the last event", async () => {
    const [, atBob] = await garden();
    const log: string[] = [];
    atBob.events$.subscribe({ next: ({ kind }) => log.push(kind), complete: () => log.push("complete") });
    atBob.leave();
    await scene.until(() => log.includes("complete"));
    expect(log.slice(-2)).toEqual(["leaving", "complete"]);
    expect(atBob.state.phase).toBe("ended");
  });

  test("go on after an error, which is an event", async () => {
    const [atAlice] = await garden();
    let ended = false;
    atAlice.events$.subscribe({ error: () => (ended = true), complete: () => (ended = true) });
    alice.transport.mood = "refusing";
    await atAlice.send("lost");
    await scene.clock.advance(10_000);
    expect(eventsOf(alice, "error")).toHaveLength(1);
    expect(ended).toBe(false);
  });

  test("are not broken by a subscriber that throws", async () => {
    const [atAlice, atBob] = await garden();
    const uncaught: unknown[] = [];
    rxjs.onUnhandledError = (error) => uncaught.push(error);
    for (const stream of [atBob.events$, atBob.state$, atBob.inbound$]) {
      stream.subscribe(() => {
        throw new Error("my view crashed");
      });
    }
    await (
      await atAlice.send("one")
    ).published;
    await (
      await atAlice.send("two")
    ).published;
    await scene.settle();
    expect(textsOf(bob)).toEqual(["one", "two"]);
    await expect(atBob.send("three")).resolves.toBeDefined();
    // RxJS reports them in a task of their own.
    await new Promise((resolve) => setTimeout(resolve, 0));
    rxjs.onUnhandledError = null;
    expect(uncaught.length).toBeGreaterThanOrEqual(3);
  });

  test("cannot be written to from outside", async () => {
    const [atAlice] = await garden();
    for (const stream of [atAlice.events$, atAlice.state$, atAlice.inbound$]) {
      expect(stream).not.toHaveProperty("next");
    }
  });
});

describe("Commands", () => {
  test("are taken in the order of the calls, one that takes work to make included", async () => {
    const dora = await scene.enter("dora");
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
    await scene.settle();
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
    await scene.settle();
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
    await scene.settle();
    await atAlice.send("two");
    await scene.settle();
    expect(textsOf(bob)).toEqual(["two"]);
    expect(eventsOf(bob, "error")).toEqual([
      expect.objectContaining({ operation: "packet", message: "A packet could not be processed." }),
    ]);
  });
});

describe("A join that nobody answers", () => {
  test("is given up after three times the joiner's own inactivity time, and not before", async () => {
    const pending = await bob.user.joinConversation("garden", { config: { commitInactivityMs: 20_000 } });
    const wipeKeyPackage = vi.spyOn(bob.mls, "wipeKeyPackage");
    await scene.clock.advance(59_999);
    expect(pending.state.phase).toBe("pending-join");
    await scene.clock.advance(1);
    expect(eventsOf(bob, "leaving")).toMatchObject([{ reason: "join-expired" }]);
    expect(bob.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "join-expired" }]);
    expect(wipeKeyPackage).toHaveBeenCalledTimes(1);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });

  test("is cancelled by leaving", async () => {
    const pending = await bob.user.joinConversation("garden");
    const wipeKeyPackage = vi.spyOn(bob.mls, "wipeKeyPackage");
    await pending.leave().committed;
    await scene.settle();
    expect(bob.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: "join-cancelled" }]);
    expect(wipeKeyPackage).toHaveBeenCalledTimes(1);
    expect(scene.clock.nextWakeMs()).toBeUndefined();
  });
});
