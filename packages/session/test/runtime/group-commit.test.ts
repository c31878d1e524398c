import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { APP_MSG_SUBTOPIC, bytesToHex, type StorageOperation } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation } from "../../src/index.js";
import {
  advance,
  enter,
  eventsOf,
  expectMistake,
  gather,
  openScene,
  settle,
  textsOf,
  type Person,
  type Scene,
} from "../harness/index.js";

/** A batch that waits for the test. */
interface HeldBatch {
  readonly keys: readonly string[];
  write(): Promise<void>;
  fail(): Promise<void>;
}

/** A storage whose batches wait for the test, while it holds them. */
interface HoldingStorage extends MemoryStorage {
  isHolding: boolean;
  readonly held: HeldBatch[];
  /** Holds no more, and writes what it holds, except for the first batches. */
  release(except: number): Promise<void>;
}

function holdingStorage(): HoldingStorage {
  const memory = createMemoryStorage();
  const storage: HoldingStorage = {
    ...memory,
    isHolding: false,
    held: [],
    async release(except) {
      storage.isHolding = false;
      for (const batch of storage.held.slice(except)) await batch.write();
    },
    write(batch) {
      if (!storage.isHolding) return memory.write(batch);
      return new Promise((resolve, reject) => {
        storage.held.push({
          keys: batch.map(({ key }) => key),
          async write() {
            await memory.write(batch);
            resolve();
            await turnsOfEventLoop();
          },
          async fail() {
            reject(new Error("the disk is full"));
            await turnsOfEventLoop();
          },
        });
      });
    },
  };
  return storage;
}

/** Enough for every step that can run. */
async function turnsOfEventLoop(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

let scene: Scene, alice: Person, bob: Person;
let storage: HoldingStorage;
let garden: Conversation;
let attemptsBefore: number;

beforeEach(async () => {
  ({ scene } = await openScene({ seed: "group commit", fakes: true }));
  storage = holdingStorage();
  [alice, bob] = [await enter(scene, "alice", storage), await enter(scene, "bob")];
  [garden] = await gather(scene, "garden", alice, bob);
  await advance(scene, 60_000);
  attemptsBefore = alice.transport.attempts.length;
  storage.isHolding = true;
});

/** Payloads that Alice has passed to the transport since the gathering. */
function attempts(): readonly Uint8Array[] {
  return alice.transport.attempts
    .slice(attemptsBefore)
    .flatMap(({ packet }) => (packet.subtopic === APP_MSG_SUBTOPIC ? [packet.payload] : []));
}

/** Whether each call was resolved, or the code of its error. */
function outcomesOf(calls: readonly Promise<unknown>[]): readonly Promise<string>[] {
  return calls.map((call) =>
    call.then(
      () => "resolved",
      ({ code }: { readonly code: string }) => code,
    ),
  );
}

function isStored(payload: Uint8Array): boolean {
  const value = (operation: StorageOperation): Uint8Array =>
    operation.kind === "put" ? operation.value : new Uint8Array();
  return storage.records().some((record) => bytesToHex(value(record)).includes(bytesToHex(payload)));
}

describe("While a batch is being written", () => {
  test("steps run, which are the next batch, and no packet leaves before its batch is written", async () => {
    const texts = ["one", "two", "three"];
    const calls = outcomesOf(texts.map((text) => garden.send(text)));
    await turnsOfEventLoop();
    expect(storage.held).toHaveLength(1);
    expect(attempts()).toEqual([]);

    await storage.held[0]?.write();
    expect(storage.held).toHaveLength(2);
    expect(attempts()).toHaveLength(1);

    await storage.held[1]?.write();
    // The reports of the first ones are not written yet, and nothing is published twice.
    expect(new Set(attempts().map(bytesToHex)).size).toBe(3);
    expect(attempts()).toHaveLength(3);
    expect(attempts().every(isStored)).toBe(true);
    await expect(Promise.all(calls)).resolves.toEqual(["resolved", "resolved", "resolved"]);

    await storage.release(2);
    await settle(scene);
    expect(textsOf(bob)).toEqual(texts);
    expect(attempts()).toHaveLength(3);
  });

  test("a step whose caller goes on with its result is the last of its batch", async () => {
    const calls = outcomesOf([garden.send("one"), garden.admin.regenerateStewards(), garden.send("two")]);
    await turnsOfEventLoop();
    await storage.held[0]?.write();
    expect(storage.held[1]?.keys.filter((key) => key.startsWith("outbox.entries"))).toEqual([]);
    await storage.held[1]?.write();
    expect(storage.held[2]?.keys.filter((key) => key.startsWith("outbox.entries"))).toHaveLength(1);
    await storage.release(2);
    await expect(Promise.all(calls)).resolves.toEqual(["resolved", "resolved", "resolved"]);
  });
});

describe("A batch that fails", () => {
  test("rejects all waiting steps, and no packet of them leaves", async () => {
    const calls = outcomesOf(["one", "two", "three"].map((text) => garden.send(text)));
    await turnsOfEventLoop();
    await storage.held[0]?.fail();
    await expect(Promise.all(calls)).resolves.toEqual(Array(3).fill("storage-failed"));
    await expectMistake(garden.send("four"), "storage-failed");
    await settle(scene);
    expect(attempts()).toEqual([]);
    expect(storage.held).toHaveLength(1);
    expect(eventsOf(alice, "error")).toMatchObject([{ code: "storage-failed" }]);
  });

  test("leaves the steps before it, with which the conversation continues", async () => {
    const calls = outcomesOf(["one", "two", "three"].map((text) => garden.send(text)));
    await turnsOfEventLoop();
    await storage.held[0]?.write();
    await storage.held[1]?.fail();
    await expect(Promise.all(calls)).resolves.toEqual(["resolved", "storage-failed", "storage-failed"]);
    await settle(scene);
    expect(textsOf(bob)).toEqual(["one"]);

    storage.isHolding = false;
    await alice.user.close();
    const user = await createUserFrom({
      ...alice.options,
      storage: createMemoryStorage({ records: storage.records() }),
      transport: scene.network.join(),
    });
    const sending = user.conversation("garden").send("again");
    await advance(scene, 10_000);
    await sending;
    await settle(scene);
    expect(textsOf(bob)).toEqual(["one", "again"]);
    await user.close();
  });
});
