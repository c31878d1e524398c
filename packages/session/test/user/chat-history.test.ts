import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { bytesToHex, type StorageOperation } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createUserFrom,
  type ChatMessage,
  type Conversation,
  type HistoryOption,
  type User,
} from "../../src/index.js";
import {
  advance,
  enter,
  eventsOf,
  expectMistake,
  gather,
  openScene,
  settle,
  until,
  type Person,
  type Scene,
} from "../harness/index.js";

const HOUR_MS = 3_600_000;

let scene: Scene, alice: Person, bob: Person;
let disk: MemoryStorage;
let restarted: User[];

async function begin(history: HistoryOption): Promise<readonly [Conversation, Conversation]> {
  ({ scene } = await openScene({ seed: "history", fakes: true }));
  disk = createMemoryStorage();
  [alice, bob] = [await scene.enter("alice", disk, { history }), await enter(scene, "bob")];
  const [atAlice, atBob] = await gather(scene, "garden", alice, bob);
  return [atAlice, atBob];
}

beforeEach(() => {
  restarted = [];
});

afterEach(async () => {
  for (const user of restarted) await user.close();
});

/** Alice after a restart. */
async function restart(history?: HistoryOption, options = alice.options): Promise<User> {
  for (const user of [alice.user, ...restarted]) await user.close();
  await alice.transport.close();
  const user = await createUserFrom({
    ...options,
    transport: scene.network.join(),
    ...(history && { history }),
  });
  restarted.push(user);
  return user;
}

/** Lets a member say each text. */
async function say(conversation: Conversation, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await (await conversation.send(text)).published;
  await settle(scene);
}

async function textsIn(history: Pick<Conversation, "messages">): Promise<readonly (string | undefined)[]> {
  return (await history.messages()).map(({ text }) => text);
}

/** Whether a record of a history holds a text. */
function isKept(text: string): boolean {
  const hex = bytesToHex(new TextEncoder().encode(text));
  return disk.records().some((record) => {
    const isOfHistory = record.namespace.startsWith("history/") || record.key.startsWith("history/");
    return record.kind === "put" && isOfHistory && bytesToHex(record.value).includes(hex);
  });
}

/** Messages of a stream so far. */
function follow(stream: Conversation["messages$"]): { texts: (string | undefined)[]; isOver: boolean } {
  const followed = { texts: [] as (string | undefined)[], isOver: false };
  stream.subscribe({
    next: ({ text }) => followed.texts.push(text),
    complete: () => (followed.isOver = true),
  });
  return followed;
}

describe("A history of all messages", () => {
  test("has those of this member and of others, newest first, with all that a chat shows", async () => {
    const [atAlice, atBob] = await begin("all");
    const wallMs = scene.clock.wallMs();
    const sent = await atAlice.send("from alice");
    await settle(scene);
    await scene.clock.advance(1_000);
    await say(atBob, "from bob");
    const [newest, oldest, ...others] = await atAlice.messages();
    const bobs = eventsOf(alice, "message")[0];
    const epoch = atAlice.state.epoch;
    expect(others).toEqual([]);
    expect(oldest).toEqual({
      ...{ id: sent.id, sender: alice.id, isOwn: true, claimedName: "alice", verified: false, epoch },
      ...{ content: new TextEncoder().encode("from alice"), text: "from alice" },
      ...{ sentAtMs: wallMs, receivedAtMs: wallMs, position: oldest?.position },
    });
    expect(newest).toEqual({
      ...{ id: bobs?.id, sender: bob.id, isOwn: false, claimedName: "bob", verified: false, epoch },
      ...{ content: new TextEncoder().encode("from bob"), text: "from bob" },
      ...{ sentAtMs: wallMs + 1_000, receivedAtMs: wallMs + 1_000, position: newest?.position },
    });
    expect(String(newest?.position) > String(oldest?.position)).toBe(true);
  });

  test("is the same after a restart, and goes on", async () => {
    const [atAlice, atBob] = await begin("all");
    await say(atAlice, "one");
    await say(atBob, "two");
    const before = await atAlice.messages();
    const garden = (await restart()).conversation("garden");
    expect(await garden.messages()).toEqual(before);
    await advance(scene, 60_000);
    await say(garden, "three");
    expect(await textsIn(garden)).toEqual(["three", "two", "one"]);
  });

  test("is read in parts by position", async () => {
    const [atAlice] = await begin("all");
    await say(atAlice, "1", "2", "3", "4", "5");
    const [five, four] = await atAlice.messages({ limit: 2 });
    expect([five?.text, four?.text]).toEqual(["5", "4"]);
    const older = await atAlice.messages({ before: four?.position, limit: 2 });
    expect(older.map(({ text }) => text)).toEqual(["3", "2"]);
    const between = await atAlice.messages({ before: five?.position, after: older[1]?.position });
    expect(between.map(({ text }) => text)).toEqual(["4", "3"]);
  });

  test("is read whole by pages in either direction, also while it grows at its end", async () => {
    const [atAlice] = await begin("all");
    const all = ["1", "2", "3", "4", "5", "6", "7"];
    await say(atAlice, ...all);
    const backwards: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await atAlice.messages({ before, limit: 3 });
      if (page.length === 0) break;
      backwards.push(...page.map(({ text }) => text ?? ""));
      before = page.at(-1)?.position;
    }
    expect(backwards).toEqual(all.toReversed());
    const forwards: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await atAlice.messages({ after, limit: 3, order: "oldest" });
      if (page.length === 0) break;
      if (after === undefined) await say(atAlice, "8");
      forwards.push(...page.map(({ text }) => text ?? ""));
      after = page.at(-1)?.position;
    }
    expect(forwards).toEqual([...all, "8"]);
  });

  test("has an own message from its encryption on, so not while it waits for a peer after a start", async () => {
    await begin("all");
    bob.transport.mood = "refusing";
    const atAlice = (await restart()).conversation("garden");
    if (atAlice === undefined) throw new Error("The conversation is gone.");
    const sending = atAlice.send("held back");
    await settle(scene);
    expect(await textsIn(atAlice)).toEqual([]);
    bob.transport.mood = "well";
    await until(scene, () => atAlice.state.queuedMessages === 0);
    await sending;
    expect(await textsIn(atAlice)).toEqual(["held back"]);
  });

  test("stays after the conversation has ended, until it is cleared", async () => {
    const [atAlice, atBob] = await begin("all");
    await say(atBob, "farewell");
    const { groupId } = atAlice.state;
    atAlice.leave();
    await until(scene, () => atAlice.state.phase === "ended");
    expect(await textsIn(atAlice)).toEqual(["farewell"]);
    const user = await restart();
    const [history, ...others] = await user.histories();
    expect(others).toEqual([]);
    expect(history).toMatchObject({ name: "garden", groupId });
    expect(await textsIn(history as Pick<Conversation, "messages">)).toEqual(["farewell"]);
    await history?.clear();
    expect(await user.histories()).toEqual([]);
    expect(isKept("farewell")).toBe(false);
    expect(isKept("garden")).toBe(true);
    await restart();
    expect(isKept("garden")).toBe(false);
  });

  test("is of one group: another group of the name has its own", async () => {
    const [atAlice, atBob] = await begin("all");
    await say(atBob, "in the first");
    atAlice.leave();
    await until(scene, () => atAlice.state.phase === "ended");
    const another = await alice.user.createConversation("garden");
    await say(another, "in the second");
    expect(await textsIn(another)).toEqual(["in the second"]);
    const histories = await alice.user.histories();
    expect(await Promise.all(histories.map(textsIn))).toEqual([["in the first"], ["in the second"]]);
    expect(histories.map(({ groupId }) => groupId)).toEqual([histories[0]?.groupId, another.state.groupId]);
  });

  test("goes on when this member is back in the group", async () => {
    const [atAlice, atBob] = await begin("all");
    await say(atBob, "before");
    atAlice.leave();
    await until(scene, () => atAlice.state.phase === "ended" && atBob.state.members.length === 1);
    const { groupId } = atBob.state;
    const again = await alice.user.join({ name: "garden", groupId }).conversation;
    const followed = follow(again.messages$);
    await until(scene, () => again.state.phase === "working");
    await say(atBob, "after");
    expect(await textsIn(again)).toEqual(["after", "before"]);
    expect(followed.texts).toEqual(["before", "after"]);
  });

  test("can be read until the user is closed", async () => {
    const [atAlice] = await begin("all");
    await alice.user.close();
    await expectMistake(atAlice.messages(), "closed");
    await expectMistake(atAlice.clearHistory(), "closed");
    await expectMistake(alice.user.histories(), "closed");
  });
});

describe("A message", () => {
  test("is kept in the batch of the step that reads or sends it, and in no other", async () => {
    const [atAlice, atBob] = await begin("all");
    const batches: (readonly StorageOperation[])[] = [];
    const { write } = disk;
    disk.write = (batch) => {
      batches.push(batch);
      return write(batch);
    };
    await say(atAlice, "sent");
    await say(atBob, "read");
    const keys = batches.map((batch) =>
      batch.flatMap(({ kind, namespace, key }) => (kind === "put" ? [`${namespace} ${key}`] : [])),
    );
    const keeping = keys.filter((batch) => batch.some((key) => key.startsWith("history/1 message/")));
    expect(keeping).toHaveLength(2);
    for (const part of [/^conversation\/1 outbox\.entries\//, /^conversation\/1 event\//])
      expect(keeping.filter((batch) => batch.some((key) => part.test(key)))).toHaveLength(1);
  });
});

describe("Deleting", () => {
  test("removes one message, or all, from the storage", async () => {
    const [atAlice, atBob] = await begin("all");
    await say(atAlice, "lettuce");
    await say(atBob, "radish", "cabbage");
    const [, radish] = await atAlice.messages();
    await atAlice.deleteMessage(radish as ChatMessage);
    expect(isKept("radish")).toBe(false);
    expect(await textsIn(atAlice)).toEqual(["cabbage", "lettuce"]);
    await atAlice.clearHistory();
    expect(isKept("cabbage")).toBe(false);
    expect(await textsIn(atAlice)).toEqual([]);
  });

  test("the newest message does not free its position, not even over a restart", async () => {
    const [atAlice] = await begin("all");
    await say(atAlice, "one", "two");
    const [two] = await atAlice.messages();
    await atAlice.deleteMessage(two as ChatMessage);
    const garden = (await restart()).conversation("garden");
    await advance(scene, 60_000);
    await say(garden, "three");
    const [three] = await garden.messages({ after: two?.position });
    expect(three?.text).toBe("three");
  });

  test("clears a long history, page by page", async () => {
    const [atAlice] = await begin("all");
    await say(atAlice, ...Array.from({ length: 70 }, (_, i) => `message ${i}`));
    await atAlice.clearHistory();
    expect(await atAlice.messages()).toEqual([]);
  });

  test("takes no other position than that of a message", async () => {
    const [atAlice] = await begin("all");
    for (const position of ["", "7", "message/0000000000000007", 7 as never])
      await expectMistake(atAlice.deleteMessage({ position }), "invalid-page", "position");
    await expectMistake(atAlice.deleteMessage(undefined as never), "invalid-page", "position");
    await expectMistake(atAlice.messages({ before: "7" }), "invalid-page", "before");
    await expectMistake(atAlice.messages({ after: "x" }), "invalid-page", "after");
    for (const limit of [0, -1, 1.5, 257, Number.NaN])
      await expectMistake(atAlice.messages({ limit }), "invalid-page", "limit");
    for (const order of ["", "asc", true, null])
      await expectMistake(atAlice.messages({ order: order as never }), "invalid-page", "order");
    for (const [field, start] of Object.entries({ last: { last: -1 }, after: { after: "1" } }))
      await expectMistake((async () => atAlice.messagesFrom(start))(), "invalid-page", field);
  });
});

describe("The stream of messages", () => {
  test("begins with the kept ones, oldest first, and goes on with new ones", async () => {
    const [atAlice, atBob] = await begin("all");
    await say(atAlice, "one");
    await say(atBob, "two");
    const garden = (await restart()).conversation("garden");
    const all = follow(garden.messages$);
    const last = follow(garden.messagesFrom({ last: 1 }));
    const [, one] = await garden.messages();
    const later = follow(garden.messagesFrom({ after: one?.position }));
    const none = follow(garden.messagesFrom({ last: 0 }));
    await advance(scene, 60_000);
    await say(garden, "three");
    await say(atBob, "four");
    expect(all.texts).toEqual(["one", "two", "three", "four"]);
    expect(last.texts).toEqual(["two", "three", "four"]);
    expect(later.texts).toEqual(["two", "three", "four"]);
    expect(none.texts).toEqual(["three", "four"]);
    expect(all.isOver).toBe(false);
    await restarted[0]?.close();
    expect(all.isOver).toBe(true);
  });

  test("begins with new ones without a history", async () => {
    const [atAlice, atBob] = await begin("none");
    await say(atBob, "unheard");
    const followed = follow(atAlice.messages$);
    await say(atAlice, "one");
    await say(atBob, "two");
    expect(followed.texts).toEqual(["one", "two"]);
    expect(await atAlice.messages()).toEqual([]);
    expect(await alice.user.histories()).toEqual([]);
  });
});

describe("A message that is delivered again after a restart", () => {
  test("has the same id", async () => {
    const [atAlice, atBob] = await begin("all");
    atAlice.handleEvents(() => new Promise(() => undefined));
    await say(atBob, "again");
    const [told] = eventsOf(alice, "message");
    const seen: string[] = [];
    const garden = (await restart()).conversation("garden");
    garden.handleEvents((event) => void (event.kind === "message" && seen.push(event.id)));
    await settle(scene);
    expect(seen).toEqual([told?.id]);
    expect((await garden.messages()).map(({ id }) => id)).toEqual(seen);
  });
});

describe("The setting", () => {
  test("of a count keeps the newest ones, and deletes the others in the same batch", async () => {
    const [atAlice, atBob] = await begin({ count: 2 });
    await say(atBob, "lettuce");
    await say(atAlice, "radish", "cabbage");
    expect(await textsIn(atAlice)).toEqual(["cabbage", "radish"]);
    expect(isKept("lettuce")).toBe(false);
  });

  test("of days deletes older ones, also in a conversation that is silent", async () => {
    const [atAlice, atBob] = await begin({ days: 2 / 24 });
    await say(atBob, "lettuce");
    await advance(scene, HOUR_MS);
    await say(atBob, "radish");
    expect(await textsIn(atAlice)).toEqual(["radish", "lettuce"]);
    await advance(scene, HOUR_MS);
    expect(await textsIn(atAlice)).toEqual(["radish"]);
    await advance(scene, 2 * HOUR_MS);
    expect(isKept("radish")).toBe(false);
  });

  test("of days counts from the correction of a clock that was ahead", async () => {
    const days = { days: 2 / 24 };
    const [, atBob] = await begin(days);
    const clock = { ...scene.clock, wallMs: () => scene.clock.wallMs() + 24 * HOUR_MS };
    await restart(days, { ...alice.options, clock });
    await say(atBob, "tomorrow");
    const user = await restart(days);
    await say(atBob, "today");
    await advance(scene, HOUR_MS);
    expect(await textsIn(user.conversation("garden"))).toEqual(["today", "tomorrow"]);
    await advance(scene, 3 * HOUR_MS);
    expect(isKept("tomorrow")).toBe(false);
    expect(isKept("today")).toBe(false);
  });

  test.each<[string, HistoryOption, readonly string[]]>([
    ["none", "none", []],
    ["a lower count", { count: 1 }, ["three"]],
    ["days", { days: 0.5 / 24 }, ["three"]],
    ["none of this name", (name) => (name === "garden" ? "none" : "all"), []],
    ["all of this name", (name) => (name === "garden" ? "all" : "none"), ["three", "two", "one"]],
  ])("is applied to what an earlier one has kept: %s", async (_what, setting, kept) => {
    const [atAlice] = await begin("all");
    await say(atAlice, "one", "two");
    await advance(scene, HOUR_MS);
    await say(atAlice, "three");
    const user = await restart(setting);
    expect(await textsIn(user.conversation("garden"))).toEqual(kept);
    expect(isKept("two")).toBe(kept.includes("two"));
    // Nothing of the others is left.
    const back = await restart("all");
    expect(await textsIn(back.conversation("garden"))).toEqual(kept);
  });

  test("is needed, and needs a storage", async () => {
    const [, atBob] = await begin("none");
    await say(atBob, "passing");
    await expectMistake(createUserFrom({ ...bob.options, history: "all" }), "missing-storage", "storage");
    const invalid = [
      "some",
      {},
      { days: 0 },
      { days: Number.NaN },
      { days: 40_000 },
      { count: 0 },
      { count: 1.5 },
    ];
    for (const history of [...invalid, { days: 1, count: 1 }, null])
      await expectMistake(
        createUserFrom({ ...bob.options, history: history as never }),
        "invalid-history-setting",
        "history",
      );
  });

  test("that a function returns is checked when a conversation begins or is restored", async () => {
    await begin((name) => (name === "meadow" ? ("some" as never) : "all"));
    await expectMistake(alice.user.createConversation("meadow"), "invalid-history-setting", "history");
    await expectMistake(
      alice.user.join({ name: "meadow" }).conversation,
      "invalid-history-setting",
      "history",
    );
    await expectMistake(
      restart(() => ({ count: -1 })),
      "invalid-history-setting",
      "history",
    );
    expect([...(await restart()).conversations.keys()]).toEqual(["garden"]);
  });
});
