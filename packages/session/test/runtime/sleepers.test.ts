import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { APP_MSG_SUBTOPIC, putRecord, type Packet } from "@demls/wire/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createUserFrom, type User } from "../../src/index.js";
import { LIMITS } from "../../src/model/limits.js";
import { encodeRecord } from "../../src/storage/plain-data.js";
import {
  enter,
  expectMistake,
  gather,
  openScene,
  settle,
  until,
  type Person,
  type Scene,
} from "../harness/index.js";

/** More than have their first step at the same time. */
const COUNT = LIMITS.turnsAtOnce + 4;
const NAMES = Array.from({ length: COUNT }, (_, index) => `garden-${String(index).padStart(2, "0")}`);
const LAST = NAMES.at(-1) as string;

let scene: Scene, alice: Person, bob: Person;
let storage: MemoryStorage;
let users: User[];
/** Groups that the restored user has decoded. */
let decoded: number;
let restoredAtMs: number;
/** Whether messages do not open any more. */
let isShut: boolean;

beforeEach(async () => {
  ({ scene } = await openScene({ seed: "sleepers", fakes: true }));
  storage = createMemoryStorage();
  [users, decoded, isShut] = [[], 0, false];
  [alice, bob] = [await enter(scene, "alice", storage), await enter(scene, "bob")];
  for (const name of NAMES.slice(0, -1)) await alice.user.createConversation(name);
  await gather(scene, LAST, alice, bob);
  await settle(scene);
});

afterEach(async () => {
  for (const user of users) await user.close();
});

async function restoreAlice(kept = createMemoryStorage({ records: storage.records() })): Promise<User> {
  await alice.transport.close();
  restoredAtMs = scene.clock.monotonicMs();
  const { mls } = alice.options.plugins;
  const counting = {
    ...mls,
    decodeGroup: (bytes: Uint8Array) => {
      decoded += 1;
      return mls.decodeGroup(bytes);
    },
    open: async (...how: Parameters<typeof mls.open>) => {
      if (isShut) throw new Error("The message does not open.");
      return mls.open(...how);
    },
  };
  const plugins = { ...alice.options.plugins, mls: counting };
  const transport = scene.network.join();
  const user = await createUserFrom({ ...alice.options, plugins, transport, storage: kept });
  users.push(user);
  return user;
}

/** A copy of the storage with another value in a record of a conversation. */
function damaged(index: number, key: string, value: Uint8Array): MemoryStorage {
  const records = [...storage.records(), putRecord(`conversation/${index + 1}`, key, value)];
  return createMemoryStorage({ records });
}

/** A packet of a stranger. */
function packetFor(conversationId: string): Packet {
  return { conversationId, subtopic: APP_MSG_SUBTOPIC, appId: new Uint8Array(16), payload: Uint8Array.of(1) };
}

test("Conversations are listened to and listed before any is restored", async () => {
  const user = await restoreAlice();
  expect([...user.conversations.keys()]).toEqual(NAMES);
  expect(user.conversations.size).toBe(COUNT);
  for (const name of NAMES) expect(scene.network.listeners(name)).toBe(name === LAST ? 2 : 1);
  expect(decoded).toBe(0);
});

test("One that is read is restored, alone and once", async () => {
  const user = await restoreAlice();
  expect(user.conversation(LAST).state.members).toHaveLength(2);
  expect(user.conversations.get(LAST)).toBe(user.conversation(LAST));
  expect(decoded).toBe(1);
  expect([...user.conversations.values()].map(({ name }) => name)).toEqual(NAMES);
  expect([...user.conversations].map(([name]) => name)).toEqual(NAMES);
  expect(decoded).toBe(COUNT);
});

test("All are restored in turn", async () => {
  await restoreAlice();
  await until(scene, () => decoded === COUNT);
  expect(scene.clock.monotonicMs() - restoredAtMs).toBeLessThan(1_000);
});

test("A packet restores its conversation, and is read", async () => {
  const user = await restoreAlice();
  scene.network.inject(packetFor(LAST));
  await settle(scene);
  expect(decoded).toBe(1);
  const texts: (string | undefined)[] = [];
  user.conversation(LAST).events$.subscribe((event) => {
    if (event.kind === "message") texts.push(event.text);
  });
  for (const text of ["one", "two"]) await bob.user.conversation(LAST).send(text);
  await until(scene, () => texts.length === 2);
  expect(texts).toEqual(["one", "two"]);
});

test("A group that cannot be read is told by each use, and hinders no other conversation", async () => {
  const user = await restoreAlice(damaged(0, "group", Uint8Array.of(9)));
  const [first, second] = NAMES as [string, string];
  const use = async (): Promise<unknown> => user.conversation(first);
  await expectMistake(use(), "corrupt-storage", "storage");
  scene.network.inject(packetFor(first));
  await settle(scene);
  await expectMistake(use(), "corrupt-storage", "storage");
  expect(user.conversations.has(first)).toBe(true);
  expect(user.conversation(second).state.phase).toBe("working");
});

test("Messages since the group that cannot be read stop the conversation at its first step, with an error", async () => {
  const user = await restoreAlice(
    damaged(COUNT - 1, "journal/0000000000009999", encodeRecord(Uint8Array.of(9))),
  );
  isShut = true;
  const errors: string[] = [];
  user.conversation(LAST).events$.subscribe((event) => {
    if (event.kind === "error") errors.push(`${event.code}: ${event.message}`);
  });
  await expectMistake(user.conversation(LAST).send("never"), "storage-failed");
  await settle(scene);
  expect(errors).toEqual([expect.stringContaining("cannot be read")]);
});

test("Closing before the turns leaves the storage as it is, and wakes nobody", async () => {
  const kept = createMemoryStorage({ records: storage.records() });
  const before = JSON.stringify(kept.records());
  const user = await restoreAlice(kept);
  const removed: string[] = [];
  user.lifecycle$.subscribe((event) => event.kind === "removed" && removed.push(event.name));
  await user.close();
  await settle(scene);
  expect(removed).toEqual(NAMES);
  expect(decoded).toBe(0);
  expect(JSON.stringify(kept.records())).toBe(before);
  expect(user.conversations.size).toBe(0);
  for (const name of NAMES) expect(scene.network.listeners(name)).toBe(name === LAST ? 1 : 0);
});

test("A call is answered before the turn of its conversation", async () => {
  const user = await restoreAlice();
  await user.conversation(LAST).admin.sendSync();
  expect(decoded).toBe(1);
});
