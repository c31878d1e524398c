import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { bytesToUtf8, deleteRecord, putRecord } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "@demls/testkit";
import { createUserFrom, storedSignatureKeyPair, type User } from "../../src/index.js";
import { createDeferred } from "../../src/runtime/deferred.js";
import { encodeRecord } from "../../src/storage/plain-data.js";
import {
  advance,
  createMls,
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

const CALLS: readonly (readonly [string, (user: User) => Promise<unknown>])[] = [
  ["createConversation", (user) => user.createConversation("garden")],
  ["join", (user) => user.join({ name: "garden" }).conversation],
  ["generateKeyPackage", (user) => user.generateKeyPackage()],
];

let scene: Scene, alice: Person;
let storage: MemoryStorage;
/** Statements that Alice's signer was asked to sign. */
let asked: number;
const restored: User[] = [];

beforeEach(async () => {
  ({ scene } = await openScene({ seed: "own proof", fakes: true }));
  storage = createMemoryStorage();
  alice = await enter(scene, "alice", storage);
  asked = 0;
  alice.signing = (sign) => {
    asked += 1;
    return sign();
  };
});

afterEach(async () => {
  for (const user of restored.splice(0)) await user.close();
});

/** Alice after a restart from `kept`. */
async function restart(kept: MemoryStorage): Promise<User> {
  await alice.user.close();
  const transport = scene.network.join();
  const user = await createUserFrom({ ...alice.options, transport, storage: kept });
  restored.push(user);
  return user;
}

describe("The signer", () => {
  test("is asked once for all conversations and key packages", async () => {
    const { user } = alice;
    await Promise.all([user.createConversation("garden"), user.generateKeyPackage()]);
    await user.join({ name: "orchard" }).conversation;
    await user.generateKeyPackage();
    expect(asked).toBe(1);
  });

  test("is not asked again after a restart from the storage", async () => {
    await alice.user.generateKeyPackage();
    const user = await restart(createMemoryStorage({ records: storage.records() }));
    await user.generateKeyPackage();
    await user.createConversation("garden");
    expect(asked).toBe(1);
  });

  test.each([
    ["is missing", deleteRecord("user", "proof")],
    ["belongs to another key", putRecord("user", "proof", encodeRecord(new Uint8Array(32)))],
  ])("is asked again if the stored proof %s", async (_what, change) => {
    await alice.user.generateKeyPackage();
    const user = await restart(createMemoryStorage({ records: [...storage.records(), change] }));
    await user.generateKeyPackage();
    expect(asked).toBe(2);
  });

  test("is not asked by a join that announces no key package", async () => {
    await alice.user.join({ name: "garden" }, { announce: false }).conversation;
    expect(asked).toBe(0);
    await alice.user.generateKeyPackage();
    expect(asked).toBe(1);
  });

  test("is not asked for a name or settings that are rejected", async () => {
    const { user } = alice;
    await expectMistake(user.createConversation(""), "invalid-conversation-name", "name");
    const config = { votingDelayMs: -1 };
    await expectMistake(user.createConversation("garden", { config }), "invalid-config", "votingDelayMs");
    await expectMistake(
      user.join({ name: "garden" }, { config }).conversation,
      "invalid-config",
      "votingDelayMs",
    );
    expect(asked).toBe(0);
  });

  test("is shown a text with the identity", async () => {
    let shown = "";
    const signer = {
      identity: alice.options.plugins.signer.identity,
      sign(message: Uint8Array) {
        shown = bytesToUtf8(message) ?? "";
        return alice.options.plugins.signer.sign(message);
      },
    };
    const { storage: _, ...options } = alice.options;
    const plugins = { ...options.plugins, signer };
    const user = await createUserFrom({ ...options, plugins, transport: scene.network.join() });
    restored.push(user);
    await user.generateKeyPackage();
    expect(shown).toContain(`Identity: 0x${alice.id}`);
  });
});

describe.each(CALLS)("%s", (_name, call) => {
  test.each<[string, Person["signing"]]>([
    ["refuses", () => Promise.reject(new Error("declined, secret 1234"))],
    [
      "throws at once",
      () => {
        throw new Error("locked");
      },
    ],
    ["signs with another key", () => new Uint8Array(32).fill(1)],
    ["returns no bytes", () => new Uint8Array(0)],
  ])("leaves nothing behind if the signer %s, and asks again when called again", async (_what, signing) => {
    const before = storage.records().length;
    const { signing: willing } = alice;
    alice.signing = signing;
    const failure = call(alice.user);
    await expectMistake(failure, "identity-not-proved", "signer");
    await expect(failure).rejects.not.toThrow(/1234/);
    expect(alice.user.conversations.size).toBe(0);
    expect(alice.lifecycle).toEqual([]);
    expect(storage.records()).toHaveLength(before);
    expect(scene.network.listeners("garden")).toBe(0);
    alice.signing = willing;
    await call(alice.user);
    expect(asked).toBe(1);
  });

  test("is rejected at once if the user is closed while the signer is asked, and stores nothing", async () => {
    const gate = createDeferred<void>();
    alice.signing = async (sign) => {
      await gate.promise;
      return sign();
    };
    const pending = watch(call(alice.user));
    await settle(scene);
    expect(pending.outcome).toBe("pending");
    const before = storage.records();
    await alice.user.close();
    await settle(scene);
    expect(pending).toMatchObject({ outcome: "rejected", error: { code: "closed" } });
    gate.resolve();
    await settle(scene);
    expect(storage.records()).toEqual(before);
    expect(alice.user.conversations.size).toBe(0);
  });
});

test("Every member of a strict conversation is shown as proved, and none of a de-mls-3 one", async () => {
  const bob = await enter(scene, "bob");
  const [strict] = await gather(scene, "garden", alice, bob);
  expect(strict.state.members.map(({ identityProved }) => identityProved)).toEqual([true, true]);
  const claimed = await alice.user.createConversation("orchard", { compatibility: "de-mls-3" });
  expect(claimed.state.members.map(({ identityProved }) => identityProved)).toEqual([false]);
});

describe("renewKeys with `signature`", () => {
  /** Time of the key in Alice's leaf of a conversation, as another member sees it. */
  const keySinceAt = (viewer: Person, name: string): number | null | undefined =>
    viewer.user
      .conversation(name)
      .admin.inspect()
      .members.find(({ id }) => id === alice.id)?.keySince;

  test("asks the signer once, and gives the new key to the leaves of all conversations", async () => {
    const bob = await enter(scene, "bob");
    const [garden] = await gather(scene, "garden", alice, bob);
    await gather(scene, "orchard", bob, alice);
    const former = alice.mls.signatureKeySince;
    expect([keySinceAt(bob, "garden"), keySinceAt(bob, "orchard")]).toEqual([former, former]);
    asked = 0;
    const renewed = garden.renewKeys({ signature: true });
    await until(scene, () => keySinceAt(bob, "garden") !== former);
    await renewed;
    expect(asked).toBe(1);
    const renewedSince = keySinceAt(bob, "garden");
    for (let hour = 0; hour < 3; hour++) await advance(scene, 3_600_000);
    expect(keySinceAt(bob, "orchard")).toEqual(renewedSince);
    expect(asked).toBe(1);
    // The caller's own service goes on.
    expect(alice.mls.signaturePrivateKey.some((byte) => byte !== 0)).toBe(true);
  });

  test("goes on with the new key after a restart from the storage", async () => {
    const bob = await enter(scene, "bob");
    const [garden] = await gather(scene, "garden", alice, bob);
    const former = alice.mls.signatureKeySince;
    const renewed = garden.renewKeys({ signature: true });
    await until(scene, () => eventsOf(bob, "keysRenewed").length > 0);
    await renewed;
    const kept = createMemoryStorage({ records: storage.records() });
    const signatureKeyPair = await storedSignatureKeyPair(kept);
    expect(signatureKeyPair?.since).toBeGreaterThan(former);
    const random = createSeededRandom("again");
    const wallMs = (): number => scene.clock.wallMs();
    const { identity } = alice.options.plugins.signer;
    const mls = await createMls(true, {
      identity,
      random,
      wallMs,
      ...(signatureKeyPair && { signatureKeyPair }),
    });
    await alice.user.close();
    asked = 0;
    const user = await createUserFrom({
      ...{ ...alice.options, plugins: { ...alice.options.plugins, mls } },
      ...{ transport: scene.network.join(), storage: kept },
    });
    restored.push(user);
    const sending = user.conversation("garden").send("still me");
    await until(scene, () => textsOf(bob).includes("still me"));
    await sending;
    await user.generateKeyPackage();
    expect(asked).toBe(0);
  });

  test("changes nothing if the signer refuses", async () => {
    const bob = await enter(scene, "bob");
    const [garden] = await gather(scene, "garden", alice, bob);
    const former = alice.mls.signatureKeySince;
    const before = await storedSignatureKeyPair(createMemoryStorage({ records: storage.records() }));
    alice.signing = () => Promise.reject(new Error("declined, secret 1234"));
    const failure = garden.renewKeys({ signature: true });
    await expectMistake(failure, "identity-not-proved", "signer");
    await expect(failure).rejects.not.toThrow(/1234/);
    await advance(scene, 3 * 3_600_000);
    expect(keySinceAt(bob, "garden")).toEqual(former);
    expect(await storedSignatureKeyPair(createMemoryStorage({ records: storage.records() }))).toEqual(before);
    expect(alice.mls.signaturePrivateKey.some((byte) => byte !== 0)).toBe(true);
  });

  test("does not ask the signer in a de-mls-3 conversation", async () => {
    const garden = await alice.user.createConversation("garden", { compatibility: "de-mls-3" });
    asked = 0;
    await expectMistake(garden.renewKeys({ signature: true }), "wrong-mode");
    expect(asked).toBe(0);
  });
});
