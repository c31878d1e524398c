import { createMemoryStorage } from "@demls/storage-memory";
import { beforeEach, describe, expect, test } from "vitest";
import { type Conversation, type ConversationEvent, createUserFrom } from "../../src/index.js";
import { LIMITS } from "../../src/step/index.js";
import { EventIterator } from "../../src/user/event-iterator.js";
import { Subject } from "rxjs";
import { enter, gather, openScene, settle, until, type Person, type Scene } from "../harness/index.js";

/** Chat of the given number of bytes. */
function chat(text: string, bytes = text.length): ConversationEvent {
  return {
    kind: "message",
    sender: "aa" as never,
    content: new Uint8Array(bytes),
    text,
    epoch: 1n,
    id: "1.0.0",
    claimedName: undefined,
    verified: false,
    sentAtMs: undefined,
    receivedAtMs: 0,
  };
}

/** Texts of the remaining events, and the end. */
async function drain(events: AsyncIterable<ConversationEvent>): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  try {
    for await (const event of events) told.push(event.kind === "message" ? event.text : event.kind);
    told.push("over");
  } catch (error) {
    told.push(error);
  }
  return told;
}

describe("An iteration of events", () => {
  let source: Subject<ConversationEvent>;

  beforeEach(() => {
    source = new Subject();
  });

  test("returns the events since the call, in order, awaited or not", async () => {
    source.next(chat("before"));
    const events = new EventIterator(source);
    source.next(chat("one"));
    const [first, second, third] = [events.next(), events.next(), events.next()];
    source.next(chat("two"));
    source.next(chat("three"));
    source.next(chat("four"));
    expect([await first, await second, await third]).toMatchObject([
      { done: false, value: { text: "one" } },
      { done: false, value: { text: "two" } },
      { done: false, value: { text: "three" } },
    ]);
    source.complete();
    expect(await drain(events)).toEqual(["four", "over"]);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test("ends for all pending calls", async () => {
    const events = new EventIterator(source);
    const asked = [events.next(), events.next()];
    source.complete();
    expect(await Promise.all(asked)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  test("buffers events up to the limit, and then rejects with events-overrun", async () => {
    const events = new EventIterator(source);
    for (let n = 0; n < LIMITS.iteratedEvents; n++) source.next(chat(`${n}`, 0));
    expect(source.observed).toBe(true);
    source.next(chat("too many", 0));
    expect(source.observed).toBe(false);
    const told = await drain(events);
    expect(told).toHaveLength(LIMITS.iteratedEvents + 1);
    expect(told.slice(-2)).toEqual([
      `${LIMITS.iteratedEvents - 1}`,
      expect.objectContaining({ code: "events-overrun", remedy: expect.any(String) }),
    ]);
    expect(await drain(events)).toEqual(["over"]);
  });

  test("buffers chat up to the limit", async () => {
    const events = new EventIterator(source);
    source.next(chat("all there is room for", LIMITS.iteratedEventBytes));
    expect((await events.next()).value).toMatchObject({ text: "all there is room for" });
    source.next(chat("as much again", LIMITS.iteratedEventBytes));
    source.next(chat("x"));
    expect(await drain(events)).toEqual([
      "as much again",
      expect.objectContaining({ code: "events-overrun" }),
    ]);
  });

  test("is ended by break, and buffers no more", async () => {
    const events = new EventIterator(source);
    source.next(chat("one"));
    source.next(chat("two"));
    for await (const event of events) {
      expect(event).toMatchObject({ text: "one" });
      break;
    }
    expect(source.observed).toBe(false);
    expect(await drain(events)).toEqual(["over"]);
  });

  test("rejects pending calls with the signal's reason, and drops buffered events", async () => {
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const [asked, holding, over] = controllers.map(({ signal }) => new EventIterator(source, { signal }));
    const [first, second] = [asked?.next(), asked?.next()];
    source.next(chat("one"));
    source.next(chat("two"));
    await Promise.all([first, second]);
    const third = asked?.next();
    const fourth = asked?.next();
    const reason = new Error("enough");
    for (const controller of controllers.slice(0, 2)) controller.abort(reason);
    await expect(third).rejects.toBe(reason);
    await expect(fourth).resolves.toEqual({ done: true, value: undefined });
    expect(await drain(holding as EventIterator)).toEqual([reason]);
    source.complete();
    controllers[2]?.abort(reason);
    expect(await drain(over as EventIterator)).toEqual([reason]);
  });

  test("with an aborted signal buffers nothing", async () => {
    const reason = new Error("enough");
    const events = new EventIterator(source, { signal: AbortSignal.abort(reason) });
    expect(source.observed).toBe(false);
    await expect(events.next()).rejects.toBe(reason);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test("that has ended removes its abort listener", async () => {
    const controller = new AbortController();
    const events = new EventIterator(source, { signal: controller.signal });
    source.complete();
    expect(await drain(events)).toEqual(["over"]);
    controller.abort();
    expect(await drain(events)).toEqual(["over"]);
  });
});

describe("The events of a conversation", () => {
  let scene: Scene, alice: Person, bob: Person;
  let garden: Conversation, bobs: Conversation;

  beforeEach(async () => {
    ({ scene, alice, bob } = await openScene("iterated events", "alice", "bob"));
    [garden, bobs] = await gather(scene, "garden", alice, bob);
  });

  test("are delivered to every iteration, and end with leaving", async () => {
    const [first, second] = [drain(bobs.events()), drain(bobs.events())];
    await garden.send("hello");
    await garden.proposeRemove(bob.id).accepted;
    await until(scene, () => bobs.state.openVotes.length === 1);
    await bobs.vote(bobs.state.openVotes[0]?.proposalId ?? 0, true);
    await until(scene, () => bob.user.conversations.size === 0);
    const told = await first;
    expect(told[0]).toBe("hello");
    expect(told.slice(-2)).toEqual(["leaving", "over"]);
    expect(await second).toEqual(told);
    expect(await drain(bobs.events())).toEqual(["over"]);
  });

  test("end when the user is closed", async () => {
    const told = drain(bobs.events());
    await bob.user.close();
    expect(await told).toEqual(["over"]);
  });

  test("start with the kept events, which are removed from storage", async () => {
    const dora = await enter(scene, "dora");
    const storage = createMemoryStorage();
    const keeping = await createUserFrom({ ...dora.options, storage });
    const shed = await keeping.createConversation("shed");
    await shed.admin.regenerateStewards();
    await settle(scene);
    const events = shed.events();
    expect((await events.next()).value).toMatchObject({ kind: "stewardsChanged" });
    await events.return?.();
    const later = shed.events();
    const next = later.next();
    await shed.admin.regenerateStewards();
    expect((await next).value).toMatchObject({ kind: "stewardsChanged" });
    await keeping.close();
    expect(await drain(later)).toEqual(["over"]);
  });
});
