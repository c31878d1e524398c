import type * as consensus from "@demls/consensus";
import { createEthereumSigner, type ConsensusSigner, type EthereumSigner } from "@demls/consensus";
import { createMlsService } from "@demls/mls";
import { createSeededRandom, createVirtualClock, type VirtualClock } from "@demls/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  createDeterministicStewardList,
  createHashgraphConsensus,
  createMemoryNetwork,
  createMemoryStorage,
  createPeerScoring,
  createUser,
  defaultConversationConfig,
  defaultStewardListConfig,
  DemlsError,
  ethereumVerifier,
  memberIdFromBytes,
  memberIdToBytes,
  scoreDeltas,
  scoringConfig,
  stewardListConfig,
  type ConversationEvent,
  type CreateUserOptions,
  type PeerScoringPlugin,
  type User,
} from "../src/index.js";

const peerScoring = createPeerScoring();

/** Signers created from keys. */
const keySigners = vi.hoisted((): EthereumSigner[] => []);

vi.mock("@demls/consensus", async (importActual) => {
  const actual = await importActual<typeof consensus>();
  const createEthereumSigner = (key: Uint8Array): EthereumSigner => {
    const signer = actual.createEthereumSigner(key);
    keySigners.push(signer);
    return signer;
  };
  return { ...actual, createEthereumSigner };
});

/** Address of the secret key 1, a known constant. */
const ADDRESS_OF_ONE = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
const KEY_ONE = Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0));
const WALL_MS = Date.UTC(2026, 0, 1);

let clock: VirtualClock;
let network: ReturnType<typeof createMemoryNetwork>;
const users: User[] = [];

beforeEach(() => {
  // ts-mls reads the platform's date, which must be close to the clock's.
  vi.useFakeTimers({ toFake: ["Date"], now: WALL_MS });
  clock = createVirtualClock({ wallMs: WALL_MS });
  network = createMemoryNetwork();
});

afterEach(async () => {
  await Promise.all(users.splice(0).map((user) => user.close()));
});

/** Creates a user on the test's network and clock. */
async function enter(options: Partial<CreateUserOptions> = {}): Promise<User> {
  const user = await createUser({ transport: network.join(), clock, ...options });
  users.push(user);
  return user;
}

function keyOf(name: string): Uint8Array {
  return createSeededRandom(name).bytes(32);
}

async function expectMistake(promise: Promise<unknown>, code: string, field?: string): Promise<void> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DemlsError);
  expect(error).toMatchObject({ code, field, remedy: expect.stringMatching(/\.$/) });
}

function expectWiped(signer: EthereumSigner | undefined): void {
  expect(() => signer?.sign(new Uint8Array(32))).toThrow(expect.objectContaining({ code: "signer-closed" }));
}

describe("A user created from a key", () => {
  test("has the key's Ethereum address as id, and its checksum form as display name", async () => {
    const user = await enter({ key: KEY_ONE });
    expect(user.display).toBe(ADDRESS_OF_ONE);
    expect(user.id).toBe(ADDRESS_OF_ONE.slice(2).toLowerCase());
    expect(memberIdToBytes(user.id)).toHaveLength(20);
  });

  test("has the given display name and the same id", async () => {
    await expect(enter({ key: KEY_ONE, display: "alice" })).resolves.toMatchObject({
      display: "alice",
      id: ADDRESS_OF_ONE.slice(2).toLowerCase(),
    });
  });

  test("copies the key: the caller may overwrite its bytes", async () => {
    const key = keyOf("alice");
    const user = await enter({ key });
    key.fill(0);
    const garden = await user.createConversation("garden");
    const { line } = await garden.createInvitation();
    await enter({ key: keyOf("bob") }).then((bob) => bob.join(line).conversation);
    expect(await clock.advanceUntil(() => garden.state.members.length === 2, 300_000)).toBe(true);
  });

  test.each([
    ["31 bytes", new Uint8Array(31).fill(1)],
    ["33 bytes", new Uint8Array(33).fill(1)],
    ["no bytes", new Uint8Array()],
    ["zero", new Uint8Array(32)],
    ["more than the curve's order", new Uint8Array(32).fill(0xff)],
    ["hex", "11".repeat(32) as never],
  ])("rejects a key of %s", async (_what, key) => {
    await expectMistake(enter({ key }), "invalid-secret-key", "key");
  });

  test("rejects an MLS service with another identity", async () => {
    const mls = await createMlsService({
      identity: memberIdToBytes(memberIdFromBytes(new Uint8Array(20).fill(7))),
      random: createSeededRandom("foreign"),
      wallMs: () => WALL_MS,
    });
    await expectMistake(enter({ key: KEY_ONE, plugins: { mls } }), "identity-mismatch", "mls");
    expectWiped(keySigners.at(-1));
  });
});

describe("A user created without a key", () => {
  test("has the signer's identity, and requests a signature for every vote", async () => {
    const wallet = createEthereumSigner(KEY_ONE);
    let asked = 0;
    const signer: ConsensusSigner = {
      identity: wallet.identity,
      sign: async (message) => {
        asked += 1;
        return wallet.sign(message);
      },
    };
    const user = await enter({ signer });
    expect(user.display).toBe(ADDRESS_OF_ONE);
    const garden = await user.createConversation("garden");
    const { line } = await garden.createInvitation();
    await enter({ key: keyOf("bob") }).then((bob) => bob.join(line).conversation);
    expect(await clock.advanceUntil(() => garden.state.members.length === 2, 300_000)).toBe(true);
    expect(asked).toBeGreaterThan(0);
  });

  test("does not close the signer when it is closed", async () => {
    const signer = createEthereumSigner(KEY_ONE);
    const user = await enter({ signer });
    await user.close();
    expect(() => signer.sign(new Uint8Array(32))).not.toThrow();
  });

  test("is rejected without a signer", async () => {
    await expectMistake(enter(), "missing-key", "key");
  });
});

describe("A user without a transport", () => {
  test.each([
    ["no options at all", undefined],
    ["no transport", { key: KEY_ONE }],
    ["a network in place of one of its transports", { key: KEY_ONE, transport: createMemoryNetwork() }],
    ["a transport that only publishes", { key: KEY_ONE, transport: { publish: () => Promise.resolve() } }],
  ])("is rejected with %s", async (_what, options) => {
    const user = createUser(options as never);
    await expectMistake(user, "missing-transport", "transport");
    await expect(user).rejects.toMatchObject({ remedy: expect.stringContaining("network.join()") });
  });
});

describe("The default layers", () => {
  test("are exported, so that one of them can be wrapped", async () => {
    const charged: string[] = [];
    const scoring: PeerScoringPlugin<unknown> = {
      ...(peerScoring as PeerScoringPlugin<unknown>),
      addMember(state, member) {
        charged.push(member);
        return peerScoring.addMember(state as never, member);
      },
    };
    const user = await enter({
      key: KEY_ONE,
      plugins: {
        scoring,
        consensus: createHashgraphConsensus(),
        verifier: ethereumVerifier,
        stewards: createDeterministicStewardList(),
        stewardListConfig: stewardListConfig({ snMax: 3 }),
        scoringConfig: scoringConfig({ defaultScore: 7n }),
        scoreDeltas: scoreDeltas({ "broken-commit": -1n }),
      },
    });
    const garden = await user.createConversation("garden");
    expect(charged).toEqual([user.id]);
    expect(garden.state.stewardBounds).toEqual({
      ...defaultStewardListConfig,
      snMax: 3,
      allowSubsetCandidates: true,
    });
    expect(garden.state.members).toMatchObject([{ score: 7n }]);
  });
});

describe("Closing a user that holds its key", () => {
  test("stops it, wipes the key, and is idempotent", async () => {
    const user = await enter({ key: KEY_ONE });
    const garden = await user.createConversation("garden");
    await Promise.all([user.close(), user.close()]);
    expectWiped(keySigners.at(-1));
    await user[Symbol.asyncDispose]();
    await expectMistake(user.createConversation("cellar"), "closed");
    await expectMistake(garden.send("hello"), "closed");
    expect(clock.nextWakeMs()).toBeUndefined();
  });
});

describe("The defaults", () => {
  test("are strict mode and the settings of de-mls 3.0.0", async () => {
    const user = await enter({ key: KEY_ONE });
    const garden = await user.createConversation("garden");
    expect(garden.state).toMatchObject({ mode: "strict", config: defaultConversationConfig });
    expect(garden.state.members).toMatchObject([
      { id: user.id, identityProved: true, role: "epoch-steward", score: 100n },
    ]);
  });

  test("can be replaced by layer and by setting", async () => {
    const conversationConfig = { ...defaultConversationConfig, freezeMs: 1_234 };
    const user = await enter({ key: KEY_ONE, plugins: { conversationConfig } });
    const garden = await user.createConversation("garden", { config: { votingDelayMs: 77 } });
    expect(garden.state.config).toEqual({ ...conversationConfig, votingDelayMs: 77 });
  });

  test("include the platform's clock and random source", async () => {
    const user = await createUser({ key: KEY_ONE, transport: network.join() });
    users.push(user);
    const garden = await user.createConversation("garden");
    await expect(garden.send("to nobody")).resolves.toBeDefined();
  });
});

test("A storage in use is rejected for another user before any record is read", async () => {
  const storage = createMemoryStorage();
  await enter({ key: KEY_ONE, storage });
  const scan = vi.spyOn(storage, "scan");
  await expectMistake(enter({ key: KEY_ONE, storage }), "storage-in-use", "storage");
  expect(scan).not.toHaveBeenCalled();
});

describe("Two users with the default layers", () => {
  test("join, talk and leave over a network, and receive the events", async () => {
    const alice = await enter({ key: keyOf("alice"), display: "alice" });
    const bob = await enter({ key: keyOf("bob"), display: "bob" });
    const atAlice = await alice.createConversation("garden");
    const { line } = await atAlice.createInvitation();
    const atBob = await bob.join(line).conversation;
    const told: ConversationEvent[] = [];
    atBob.events$.subscribe((event) => told.push(event));
    const settled = (): boolean =>
      [atAlice, atBob].every(({ state }) => state.members.length === 2 && state.openVotes.length === 0);
    expect(await clock.advanceUntil(settled, 300_000)).toBe(true);
    expect(atBob.state.epochAuthenticator).toBe(atAlice.state.epochAuthenticator);

    const { published } = await atAlice.send("hello");
    const heard = (): boolean => told.some(({ kind }) => kind === "message");
    expect(await clock.advanceUntil(heard, 1_000)).toBe(true);
    await published;
    expect(told).toContainEqual(
      expect.objectContaining({ kind: "message", sender: alice.id, text: "hello" }),
    );

    const leave = atBob.leave();
    expect(await clock.advanceUntil(() => atAlice.state.members.length === 1, 300_000)).toBe(true);
    await leave.committed;
    expect(told.at(-1)).toEqual({ kind: "leaving", reason: "left" });
  });
});
