import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { putRecord, utf8ToBytes, type Storage } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, storedSignatureKeyPair, type User } from "../../src/index.js";
import { enter, expectMistake, openScene, type Person, type Scene } from "../harness/index.js";

let scene: Scene, bob: Person;
let storage: MemoryStorage;

beforeEach(async () => {
  ({ scene, bob } = await openScene("claim", "bob"));
  storage = createMemoryStorage();
});

/** A second user for Bob's key, on `kept`. */
function openBob(kept: Storage): Promise<User> {
  return createUserFrom({ ...bob.options, storage: kept });
}

describe("A storage that a user has", () => {
  test("is rejected for a second user, and left unchanged", async () => {
    await enter(scene, "alice", storage);
    const before = storage.records();
    await expectMistake(openBob(storage), "storage-in-use", "storage");
    expect(storage.records()).toEqual(before);
  });

  test("is rejected for a second user created at the same time", async () => {
    const first = openBob(storage);
    await expectMistake(openBob(storage), "storage-in-use", "storage");
    await (await first).close();
  });

  test("is not read for its signature key", async () => {
    await enter(scene, "alice", storage);
    let reads = 0;
    const { scan } = storage;
    storage.scan = (...args) => {
      reads += 1;
      return scan(...args);
    };
    await expectMistake(storedSignatureKeyPair(storage), "storage-in-use", "storage");
    expect(reads).toBe(0);
  });

  test("is free for the next user once the first is closed", async () => {
    await (await openBob(storage)).close();
    const next = await openBob(storage);
    expect(next.id).toBe(bob.id);
    await next.close();
  });

  test("is still in use until the first user has closed for good", async () => {
    const closing = (await openBob(storage)).close();
    await expectMistake(openBob(storage), "storage-in-use", "storage");
    await closing;
  });
});

describe("A storage that could not be opened", () => {
  test("is not in use afterwards", async () => {
    await storage.write([putRecord("user", "format", utf8ToBytes("nonsense"))]);
    await expectMistake(openBob(storage), "corrupt-storage", "storage");
    await expectMistake(openBob(storage), "corrupt-storage", "storage");
    await expectMistake(storedSignatureKeyPair(storage), "corrupt-storage", "storage");
    await expectMistake(openBob(storage), "corrupt-storage", "storage");
  });
});

test("A storage whose signature key was read is free for its user", async () => {
  await (await openBob(storage)).close();
  const keyPair = await storedSignatureKeyPair(storage);
  expect(keyPair?.publicKey).toEqual(bob.mls.signaturePublicKey);
  await (await openBob(storage)).close();
});
