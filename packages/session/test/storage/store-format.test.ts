import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUserFrom, type User } from "../../src/index.js";
import { slicesIn } from "../../src/model/state.js";
import { CLOCK, clockIn, putClock } from "../../src/storage/clock-record.js";
import { fieldKey, fieldValue, putField } from "../../src/storage/field-record.js";
import { conversationKey, conversationNamespace, USER } from "../../src/storage/namespaces.js";
import {
  addFields,
  formatRecord,
  migrate,
  type Migration,
  STORE_FORMAT,
  storeFormat,
} from "../../src/storage/store-format.js";
import { storedSignatureKeyPair } from "../../src/storage/user-store.js";
import { createScene, enter, expectMistake, gather, type Person } from "../harness/index.js";

const scene = createScene("store format");
const original = createMemoryStorage();
let alice: Person;

beforeAll(async () => {
  alice = await enter(scene, "alice", original);
  await gather(scene, "garden", alice);
  await alice.user.join({ name: "meadow" }).conversation;
});

afterAll(() => scene.close());

/** A field that is not at its initial value in alice's garden. */
const FIELD = "votes.sessions";

/** A copy of alice's storage without the records of one field. */
function keptOfAlice(without?: string): MemoryStorage {
  const records = original.records().filter(({ key }) => without === undefined || key !== fieldKey(without));
  return createMemoryStorage({ records });
}

function garden(key: string): Uint8Array {
  const found = original
    .records()
    .find((record) => record.namespace === conversationNamespace(1) && record.key === key);
  if (found?.kind !== "put") throw new Error(`There is no ${key}.`);
  return found.value;
}

const fieldOfAlice = (name: string): unknown => fieldValue(garden(fieldKey(name)));

/** Alice's storage by a release that did not know the field. */
async function formerOfAlice(): Promise<MemoryStorage> {
  const storage = keptOfAlice(FIELD);
  const clock = clockIn(garden(CLOCK));
  await storage.write([putClock(conversationNamespace(1), { ...clock, fields: clock.fields - 1 })]);
  return storage;
}

function aliceOn(storage: Storage): Promise<User> {
  return createUserFrom({ ...alice.options, transport: scene.network.join(), storage });
}

test("A missing or an unknown record of a field is noticed", async () => {
  const names = original
    .records()
    .flatMap(({ namespace, key }) =>
      namespace === conversationNamespace(1) && key.startsWith("field/") ? [key.slice("field/".length)] : [],
    );
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) await expectMistake(aliceOn(keptOfAlice(name)), "corrupt-storage", "storage");
  const storage = keptOfAlice(FIELD);
  await storage.write([putField(conversationNamespace(1), "chat.unknown", 1)]);
  await expectMistake(aliceOn(storage), "corrupt-storage", "storage");
});

describe("A store of a later release", () => {
  test("is rejected and left unchanged", async () => {
    const storage = keptOfAlice();
    await storage.write([formatRecord(STORE_FORMAT + 1)]);
    const before = storage.records();
    await expectMistake(aliceOn(storage), "storage-newer", "storage");
    await expectMistake(storedSignatureKeyPair(storage), "storage-newer", "storage");
    expect(storage.records()).toEqual(before);
  });
});

describe("A store of a former release", () => {
  const note = (key: string): StorageOperation => putRecord("notes", key, Uint8Array.of(1));
  const migrations: readonly Migration[] = [
    { from: 1, run: async () => [note("first")] },
    { from: 2, run: async () => [note("second")] },
  ];

  /** A storage that remembers its batches. */
  function createWatched(): { storage: Storage; batches: (readonly StorageOperation[])[] } {
    const memory = createMemoryStorage();
    const batches: (readonly StorageOperation[])[] = [];
    const write: Storage["write"] = (batch) => {
      batches.push(batch);
      return memory.write(batch);
    };
    return { storage: { ...memory, write }, batches };
  }

  test("is brought from version to version, each as one batch", async () => {
    const { storage, batches } = createWatched();
    await migrate(storage, 1, migrations, 3);
    expect(batches).toEqual([
      [note("first"), formatRecord(2)],
      [note("second"), formatRecord(3)],
    ]);
  });

  test("continues from the version that it has reached, and is unchanged at the last", async () => {
    const { storage, batches } = createWatched();
    await migrate(storage, 2, migrations, 3);
    await migrate(storage, 3, migrations, 3);
    expect(batches).toEqual([[note("second"), formatRecord(3)]]);
  });

  test("stays whole where a migration cannot be written", async () => {
    const memory = keptOfAlice(FIELD);
    const before = memory.records();
    const storage: Storage = { ...memory, write: () => Promise.reject(new Error("The disk is full.")) };
    const from = STORE_FORMAT - 1;
    const migrated = migrate(storage, from, [{ from, run: addFields({ [FIELD]: fieldOfAlice(FIELD) }) }]);
    await expect(migrated).rejects.toThrow("The disk is full.");
    expect(memory.records()).toEqual(before);
  });

  test("is refused where a migration is missing", async () => {
    const { storage, batches } = createWatched();
    await expectMistake(migrate(storage, 1, migrations.slice(1), 3), "corrupt-storage", "storage");
    expect(batches).toEqual([]);
  });

  test("has a record of an added field in each conversation whose phase has the slice", async () => {
    const phases = ["working", "pending-join", "ended", "reelection"] as const;
    const storage = createMemoryStorage({
      records: phases.flatMap((phase, serial) => [
        putRecord(USER, conversationKey(serial), Uint8Array.of(1)),
        putField(conversationNamespace(serial), "phase", phase),
        putClock(conversationNamespace(serial), { monotonicMs: 0, wallMs: 0, fields: 1 }),
      ]),
    });
    await migrate(storage, 1, [{ from: 1, run: addFields({ "chat.x": { since: 5n }, "joining.y": 1 }) }], 2);
    const found = phases.map(async (phase, serial) => {
      const scan = storage.scan(conversationNamespace(serial));
      const records = new Map((await scan).map(({ key, value }) => [key, value]));
      const { fields } = clockIn(records.get(CLOCK)!);
      const added = [...records].filter(([key]) => key.startsWith("field/") && key !== fieldKey("phase"));
      return [phase, [fields, ...added.map(([key, value]) => [key, fieldValue(value)])]];
    });
    expect(Object.fromEntries(await Promise.all(found))).toEqual({
      working: [2, ["field/chat.x", { since: 5n }]],
      "pending-join": [2, ["field/joining.y", 1]],
      ended: [2, ["field/joining.y", 1]],
      reelection: [2, ["field/chat.x", { since: 5n }]],
    });
  });

  test("is refused where a conversation's phase is missing or cannot be read", async () => {
    const added = [{ from: 1, run: addFields({ "chat.x": 0 }) }];
    await expectMistake(migrate(keptOfAlice("phase"), 1, added, 2), "corrupt-storage", "storage");
    const damaged = keptOfAlice();
    await damaged.write([putRecord(conversationNamespace(1), fieldKey("phase"), Uint8Array.of(9))]);
    await expectMistake(migrate(damaged, 1, added, 2), "corrupt-storage", "storage");
  });

  test("is read once the field that it lacked is added", async () => {
    const from = STORE_FORMAT - 1;
    await expectMistake(aliceOn(keptOfAlice(FIELD)), "corrupt-storage", "storage");
    const storage = await formerOfAlice();
    await migrate(storage, from, [{ from, run: addFields({ [FIELD]: fieldOfAlice(FIELD) }) }]);
    expect(await storeFormat(storage)).toBe(STORE_FORMAT);
    const restored = await aliceOn(storage);
    for (const [name, { state }] of alice.user.conversations)
      expect(restored.conversation(name).state).toEqual(state);
    await restored.close();
  });
});

// The layout of each slice is in layout/. `npx vitest run -u` updates this part; see "A change of the storage format" in
// CONTRIBUTING.md.
test("Each phase has the slices that its format stands for", () => {
  const phases = ["pending-join", "working", "ended"] as const;
  const slices = phases.map((phase) => `${phase}: ${slicesIn(phase).toSorted().join(", ")}`);
  expect([`format ${STORE_FORMAT}`, ...slices].join("\n")).toMatchInlineSnapshot(`
    "format 1
    pending-join: inbound, joining, outbox, scores, stewards
    working: admission, bans, branches, changes, chat, commit, epoch, evidence, identities, inbound, invitations, keys, leave, outbox, presence, record, refusals, rejoin, repair, scores, stewards, sync, votes
    ended: joining, scores, stewards"
  `);
});
