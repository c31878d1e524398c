import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { bytesToHex, deleteRecord, type Storage, type Transport } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Conversation, type ConversationEvent, createUserFrom, type User } from "../../src/index.js";
import type { QueuedMessage } from "../../src/model/messages.js";
import { decodeRecord } from "../../src/storage/plain-data.js";
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
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;
let storage: MemoryStorage;
/** Restored users with their storages. */
let restored: User[];
const storages = new WeakMap<User, MemoryStorage>();

beforeEach(async () => {
  ({ scene } = await openScene({ seed: "restore", fakes: true }));
  storage = createMemoryStorage();
  restored = [];
  [alice, bob] = [await enter(scene, "alice", storage), await enter(scene, "bob")];
});

afterEach(async () => {
  for (const user of restored) await user.close();
});

/** Restores Alice from the current storage; the first Alice continues without a network. */
async function restoreAlice(changes: Partial<Person["options"]> = {}): Promise<User> {
  const kept = createMemoryStorage({ records: storage.records() });
  await alice.transport.close();
  const user = await createUserFrom({
    ...alice.options,
    transport: scene.network.join(),
    storage: kept,
    ...changes,
  });
  restored.push(user);
  storages.set(user, kept);
  return user;
}

/** The queued chat message in a storage. */
function queuedIn(kept: MemoryStorage): QueuedMessage {
  const record = kept.records().find(({ key }) => key.startsWith("chat.queued/"));
  if (record?.kind !== "put") throw new Error("No message is queued.");
  return decodeRecord(record.value) as QueuedMessage;
}

function gardenOf(user: User): Conversation {
  return user.conversation("garden");
}

describe("A restored user", () => {
  test("has its conversations unchanged", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    const user = await restoreAlice();
    expect([...user.conversations.keys()]).toEqual(["garden"]);
    expect(gardenOf(user).state).toEqual(before?.state);
    await gardenOf(user).joined;
  });

  test("decrypts and encrypts, with unused generations", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    await before?.send("before");
    await settle(scene);
    const user = await restoreAlice();
    const sending = gardenOf(user).send("after");
    await advance(scene, 3_000);
    await sending;
    const read: (string | undefined)[] = [];
    gardenOf(user).events$.subscribe((event) => {
      if (event.kind === "message") read.push(event.text);
    });
    await bob.user.conversation("garden").send("welcome back");
    await until(scene, () => read.length > 0);
    expect(textsOf(bob)).toEqual(["before", "after"]);
    expect(read).toEqual(["welcome back"]);
  });

  test("rejects a message that it had decrypted before", async () => {
    const [, atBob] = await gather(scene, "garden", alice, bob);
    await atBob.send("once");
    await until(scene, () => textsOf(alice).length === 1);
    const packet = bob.transport.attempts.at(-1)?.packet;
    if (packet === undefined) throw new Error("Bob sent nothing.");
    const user = await restoreAlice();
    const outcomes: string[] = [];
    gardenOf(user).admin.inbound$.subscribe(({ outcome }) => outcomes.push(JSON.stringify(outcome)));
    scene.network.inject(packet);
    await settle(scene);
    expect(outcomes).toEqual([expect.stringContaining("replayed-message")]);
  });

  test("publishes accepted packets that were not published yet", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    alice.transport.mood = "stalled";
    await before?.send("stuck");
    await settle(scene);
    await restoreAlice();
    await until(scene, () => textsOf(bob).length === 1);
    expect(textsOf(bob)).toEqual(["stuck"]);
  });

  test("sends chat that was queued until another member answers", async () => {
    await gather(scene, "garden", alice, bob);
    bob.transport.mood = "refusing";
    const before = await restoreAlice();
    storage = storages.get(before) ?? storage;
    const atAlice = gardenOf(before);
    // The user is closed before its message is published.
    atAlice.send("held").catch(() => undefined);
    await settle(scene);
    expect(atAlice.state.queuedMessages).toBe(1);
    const { id, sentAtMs } = queuedIn(storage);
    expect(sentAtMs).toBe(scene.clock.wallMs());
    await before.close();
    await advance(scene, 1_000);
    const user = await restoreAlice();
    bob.transport.mood = "well";
    await until(scene, () => textsOf(bob).length === 1);
    await gardenOf(user).send("new");
    await until(scene, () => textsOf(bob).length === 2);
    expect(textsOf(bob)).toEqual(["held", "new"]);
    expect(eventsOf(bob, "message")[0]).toMatchObject({ id: bytesToHex(id), sentAtMs });
  });

  test("requests pending signatures again", async () => {
    const [, atBob] = await gather(scene, "garden", alice, bob);
    alice.signing = () => new Promise(() => undefined);
    const carol = await enter(scene, "carol");
    await carol.user.join({ name: "garden" }).conversation;
    await until(scene, () => alice.user.conversation("garden").state.openVotes.some(({ voted }) => voted));
    alice.signing = (sign) => sign();
    await restoreAlice();
    await until(scene, () => atBob.state.members.length === 3);
    expect(carol.user.conversation("garden").state.phase).toBe("working");
  });

  test("keeps its deadlines, less the elapsed time", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    const carol = await enter(scene, "carol");
    await carol.user.join({ name: "garden" }).conversation;
    await until(scene, () => (before?.state.openVotes.length ?? 0) > 0);
    const requested = eventsOf(alice, "voteRequested").at(-1);
    const leftMs = (requested?.deadlineMonotonicMs ?? 0) - scene.clock.monotonicMs();
    // A process started eight seconds later, with another monotonic clock.
    const behindMs = scene.clock.monotonicMs() - 1_000;
    await alice.transport.close();
    const passedMs = 8_000;
    await advance(scene, passedMs);
    const clock: Person["options"]["clock"] = {
      monotonicMs: () => scene.clock.monotonicMs() - behindMs,
      wallMs: () => scene.clock.wallMs(),
      wakeAt: (atMs, callback) => scene.clock.wakeAt(atMs + behindMs, callback),
    };
    const user = await restoreAlice({ clock });
    const restoredMs = scene.clock.monotonicMs();
    expect(leftMs).toBeGreaterThan(passedMs);
    await until(scene, () => gardenOf(user).state.openVotes.every(({ voted }) => voted));
    expect(scene.clock.monotonicMs() - restoredMs).toBe(leftMs - passedMs);
  });

  test("continues a pending join, and is added with the announced key package", async () => {
    const atBob = await bob.user.createConversation("garden");
    bob.transport.mood = "stalled";
    await alice.user.join({ name: "garden" }).conversation;
    await settle(scene);
    const user = await restoreAlice();
    bob.transport.mood = "well";
    await until(scene, () => atBob.state.members.length === 2);
    await until(scene, () => gardenOf(user).state.phase === "working");
    expect(gardenOf(user).state.members.map(({ id }) => id)).toEqual([bob.id, alice.id]);
  });

  test("can be added with a key package generated before", async () => {
    const handedOut = await alice.user.generateKeyPackage();
    const user = await restoreAlice();
    const joining = await user.join({ name: "garden" }, { announce: false }).conversation;
    const atBob = await bob.user.createConversation("garden");
    await atBob.proposeAdd(handedOut).accepted;
    await until(scene, () => joining.state.phase === "working");
  });

  test("has no conversation that it had left", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    await alice.user.createConversation("meadow");
    await bob.user.conversation("garden").proposeRemove(alice.id).accepted;
    await consent(before);
    await until(scene, () => alice.user.conversations.size === 1);
    await settle(scene);
    const user = await restoreAlice();
    expect([...user.conversations.keys()]).toEqual(["meadow"]);
    const records = JSON.stringify(storage.records().map(({ namespace, key }) => [namespace, key]));
    expect(records).not.toContain("conversation/1");
  });

  test("does not restore an earlier conversation of the same name", async () => {
    const first = await alice.user.createConversation("garden");
    await first.leave().committed;
    const second = await alice.user.createConversation("garden");
    await settle(scene);
    const user = await restoreAlice();
    expect(gardenOf(user).state).toEqual(second.state);
  });

  test("restores the same state after closing", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    const state = before?.state;
    await alice.user.close();
    const user = await restoreAlice();
    expect(gardenOf(user).state).toEqual(state);
  });
});

describe("Events", () => {
  test("are delivered after a restart unless they were delivered before", async () => {
    const [, atBob] = await gather(scene, "garden", alice, bob);
    await atBob.send("accepted");
    await until(scene, () => textsOf(alice).length === 1);
    await alice.user.close();
    const asleep = await restoreAlice();
    await atBob.send("missed");
    await settle(scene);
    await asleep.close();
    storage = storages.get(asleep) ?? storage;
    const told: ConversationEvent[] = [];
    const awake = await restoreAlice();
    gardenOf(awake).events$.subscribe((event) => told.push(event));
    const texts = told.flatMap((event) => (event.kind === "message" ? [event.text] : []));
    expect(texts).toEqual(["missed"]);
  });

  test("are delivered again if the handler had not finished", async () => {
    const [before, atBob] = await gather(scene, "garden", alice, bob);
    const handed: ConversationEvent[] = [];
    before?.handleEvents((event) => {
      handed.push(event);
      return event.kind === "message" ? new Promise(() => undefined) : undefined;
    });
    await atBob.send("hello");
    await until(scene, () => handed.some(({ kind }) => kind === "message"));
    const user = await restoreAlice();
    const again: ConversationEvent[] = [];
    gardenOf(user).handleEvents((event) => void again.push(event));
    await settle(scene);
    expect(again.filter(({ kind }) => kind === "message")).toMatchObject([{ text: "hello" }]);
  });
});

describe("A conversation that has ended", () => {
  test("delivers all its events to a slow handler", async () => {
    const [before, atBob] = await gather(scene, "garden", alice, bob);
    const handed: string[] = [];
    before?.handleEvents(async (event) => {
      await new Promise((resolve) => setImmediate(resolve));
      handed.push(event.kind === "message" ? `${event.text}` : event.kind);
    });
    await atBob.send("farewell");
    await atBob.proposeRemove(alice.id).accepted;
    await consent(before);
    await until(scene, () => handed.includes("leaving"));
    await settle(scene);
    expect(handed).toContain("farewell");
    expect(storage.records().filter(({ namespace }) => namespace === "conversation/1")).toEqual([]);
  });

  test("is restored once more with its undelivered events, and then deleted", async () => {
    const [, atBob] = await gather(scene, "garden", alice, bob);
    await alice.user.close();
    const deaf = await restoreAlice();
    await atBob.send("unread");
    await atBob.proposeRemove(alice.id).accepted;
    await consent(deaf.conversation("garden"));
    await until(scene, () => deaf.conversations.size === 0);
    await settle(scene);
    await deaf.close();
    storage = storages.get(deaf) ?? storage;
    const user = await restoreAlice();
    const garden = gardenOf(user);
    expect(garden.state.phase).toBe("ended");
    const told: ConversationEvent[] = [];
    garden.handleEvents((event) => void told.push(event));
    await until(scene, () => user.conversations.size === 0);
    expect(told.map((event) => (event.kind === "message" ? event.text : event.kind))).toEqual(
      expect.arrayContaining(["unread", "leaving"]),
    );
    await settle(scene);
    const left = storages
      .get(user)
      ?.records()
      .filter(({ namespace }) => namespace.startsWith("conversation/"));
    expect(left).toEqual([]);
  });

  test("releases its name for a new one with its own events, even if deleting it failed", async () => {
    const { write } = storage;
    const first = await alice.user.createConversation("garden");
    await first.send("of the first");
    storage.write = (batch) =>
      batch.some(({ kind }) => kind === "put") ? write(batch) : Promise.reject(new Error("not now"));
    await first.leave().committed;
    await settle(scene);
    storage.write = write;
    const second = await alice.user.createConversation("garden");
    await settle(scene);
    const user = await restoreAlice();
    expect(gardenOf(user).state).toEqual(second.state);
    const told: ConversationEvent[] = [];
    gardenOf(user).handleEvents((event) => void told.push(event));
    await settle(scene);
    expect(told.filter(({ kind }) => kind === "leaving")).toEqual([]);
  });

  test("reports an end during the restart: a join that expired", async () => {
    await alice.user.join({ name: "meadow" }).conversation;
    await settle(scene);
    const kept = createMemoryStorage({ records: storage.records() });
    await advance(scene, 3 * 600_000);
    const user = await restoreAlice({ storage: kept });
    const told: ConversationEvent[] = [];
    user.conversation("meadow").handleEvents((event) => void told.push(event));
    await until(scene, () => told.some(({ kind }) => kind === "leaving"));
    expect(told.at(-1)).toEqual({ kind: "leaving", reason: "join-expired" });
  });
});

describe("A transport", () => {
  test("that delivers stored packets while subscribing has them handled", async () => {
    const [, atBob] = await gather(scene, "garden", alice, bob);
    await alice.transport.close();
    await atBob.send("in the mailbox");
    await settle(scene);
    const packet = bob.transport.attempts.at(-1)?.packet;
    if (packet === undefined) throw new Error("Bob sent nothing.");
    const network = scene.network.join();
    const transport: Transport = {
      ...network,
      subscribe(name, hear) {
        hear(packet);
        return network.subscribe(name, hear);
      },
    };
    const user = await restoreAlice({ transport });
    const read: (string | undefined)[] = [];
    gardenOf(user).events$.subscribe((event) => {
      if (event.kind === "message") read.push(event.text);
    });
    await until(scene, () => read.length > 0);
    expect(read).toEqual(["in the mailbox"]);
  });

  test("that cannot subscribe does not prevent restoring, and is retried", async () => {
    const [, atBob] = await gather(scene, "garden", alice, bob);
    const network = scene.network.join();
    let refusals = 0;
    const transport: Transport = {
      ...network,
      async subscribe(name, hear) {
        if (refusals++ < 2) throw new Error("no network");
        return network.subscribe(name, hear);
      },
    };
    const user = await restoreAlice({ transport });
    const errors: string[] = [];
    gardenOf(user).events$.subscribe((event) => {
      if (event.kind === "error") errors.push(event.operation);
    });
    await until(scene, () => refusals === 3);
    await atBob.send("there you are");
    const read: (string | undefined)[] = [];
    gardenOf(user).events$.subscribe((event) => {
      if (event.kind === "message") read.push(event.text);
    });
    await until(scene, () => read.length > 0);
    expect(errors).toEqual(["subscribe", "subscribe"]);
  });

  test("that never answers does not block closing", async () => {
    await gather(scene, "garden", alice, bob);
    const transport: Transport = { ...scene.network.join(), subscribe: () => new Promise(() => undefined) };
    const user = await restoreAlice({ transport });
    expect(gardenOf(user).state.members).toHaveLength(2);
    await user.close();
  });
});

describe("A faulty storage", () => {
  test("of another user is rejected", async () => {
    await settle(scene);
    await alice.user.close();
    const carol = await enter(scene, "carol");
    const create = createUserFrom({ ...carol.options, storage });
    await expectMistake(create, "foreign-storage", "storage");
  });

  test("with missing records is rejected, and nothing is opened", async () => {
    await gather(scene, "garden", alice, bob);
    const namespace = "conversation/1";
    for (const key of ["clock", "field/phase", "field/votes.sessions", "group", "generations"]) {
      const damaged = createMemoryStorage({ records: [...storage.records(), deleteRecord(namespace, key)] });
      const transport = scene.network.join();
      const create = createUserFrom({ ...alice.options, storage: damaged, transport });
      await expectMistake(create, "corrupt-storage", "storage");
    }
    expect(scene.network.listeners("garden")).toBe(2);
  });

  test("that fails stops the conversation at its stored state, with an error", async () => {
    const [before, atBob] = await gather(scene, "garden", alice, bob);
    await atBob.send("one");
    await until(scene, () => textsOf(alice).length === 1);
    const { epoch } = before?.state ?? {};
    failing(storage);
    const attempts = alice.transport.attempts.length;
    await expectMistake(before?.send("never") ?? Promise.resolve(), "storage-failed");
    await expectMistake(before?.send("never either") ?? Promise.resolve(), "storage-failed");
    await atBob.send("unread");
    await settle(scene);
    expect(textsOf(alice)).toEqual(["one"]);
    expect(before?.state.epoch).toBe(epoch);
    expect(alice.transport.attempts.length).toBe(attempts);
    const errors = eventsOf(alice, "error").filter(({ operation }) => operation === "storage");
    expect(errors).toHaveLength(1);
  });

  test("that never answers blocks closing for at most half a minute", async () => {
    const [before] = await gather(scene, "garden", alice, bob);
    storage.write = () => new Promise(() => undefined);
    void before?.send("lost");
    const closing = watch(alice.user.close());
    await advance(scene, 29_000);
    expect(closing.outcome).toBe("pending");
    await advance(scene, 2_000);
    expect(closing.outcome).toBe("resolved");
  });

  test("that fails after writing leaves no key package of the join", async () => {
    const { write } = storage;
    storage.write = async (batch) => {
      await write(batch);
      if (!batch.some(({ key }) => key.startsWith("field/"))) return;
      storage.write = write;
      throw new Error("timed out");
    };
    await expectMistake(alice.user.join({ name: "garden" }).conversation, "storage-failed");
    const keys = storage.records().map(({ key }) => key);
    expect(keys.filter((key) => !["format", "identity", "proof"].includes(key))).toEqual([]);
  });

  test("that fails at the first batch leaves no conversation", async () => {
    failing(storage);
    await expectMistake(alice.user.createConversation("garden"), "storage-failed");
    expect(alice.user.conversations.size).toBe(0);
    expect(scene.network.listeners("garden")).toBe(0);
  });
});

/** Votes manually for this member's own removal. */
async function consent(conversation: Conversation | undefined): Promise<void> {
  await until(scene, () => conversation?.state.openVotes.length === 1);
  await conversation?.vote(conversation.state.openVotes[0]?.proposalId ?? 0, true);
}

/** Makes every write fail without effect from now on. */
function failing(target: Storage): void {
  target.write = () => Promise.reject(new Error("the disk is full"));
}
