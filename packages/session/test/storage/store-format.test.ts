import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUserFrom, type User } from "../../src/index.js";
import type { Field } from "../../src/model/slice.js";
import { PLAIN_FIELDS, SLICES, slicesIn } from "../../src/model/state.js";
import { fieldKey, fieldValue, putField } from "../../src/storage/field-record.js";
import { conversationKey, conversationNamespace, USER } from "../../src/storage/namespaces.js";
import {
  addField,
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
  await alice.user.joinConversation("meadow");
});

afterAll(() => scene.close());

/** A copy of alice's storage without the records of one field. */
function keptOfAlice(without?: string): MemoryStorage {
  const records = original.records().filter(({ key }) => without === undefined || key !== fieldKey(without));
  return createMemoryStorage({ records });
}

function aliceOn(storage: Storage): Promise<User> {
  return createUserFrom({ ...alice.options, transport: scene.network.join(), storage });
}

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
    const memory = keptOfAlice("leave.requested");
    const before = memory.records();
    const storage: Storage = { ...memory, write: () => Promise.reject(new Error("The disk is full.")) };
    const from = STORE_FORMAT - 1;
    const migrated = migrate(storage, from, [{ from, run: addField("leave", "requested", false) }]);
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
      ]),
    });
    await migrate(storage, 1, [{ from: 1, run: addField("chat", "x", { since: 5n }) }], 2);
    const found = phases.map(async (phase, serial) => {
      const [record] = await storage.scan(conversationNamespace(serial), { prefix: "field/chat.x" });
      return [phase, record && fieldValue(record.value)];
    });
    expect(Object.fromEntries(await Promise.all(found))).toEqual({
      working: { since: 5n },
      "pending-join": undefined,
      ended: undefined,
      reelection: { since: 5n },
    });
  });

  test("is refused where a conversation's phase is missing or cannot be read", async () => {
    const added = [{ from: 1, run: addField("chat", "x", 0) }];
    await expectMistake(migrate(keptOfAlice("phase"), 1, added, 2), "corrupt-storage", "storage");
    const damaged = keptOfAlice();
    await damaged.write([putRecord(conversationNamespace(1), fieldKey("phase"), Uint8Array.of(9))]);
    await expectMistake(migrate(damaged, 1, added, 2), "corrupt-storage", "storage");
  });

  test("is read once the field that it lacked is added", async () => {
    const from = STORE_FORMAT - 1;
    const storage = keptOfAlice("leave.requested");
    await expectMistake(aliceOn(keptOfAlice("leave.requested")), "corrupt-storage", "storage");
    await migrate(storage, from, [{ from, run: addField("leave", "requested", false) }]);
    expect(await storeFormat(storage)).toBe(STORE_FORMAT);
    const restored = await aliceOn(storage);
    for (const [name, { state }] of alice.user.conversations)
      expect(restored.conversation(name).state).toEqual(state);
    await restored.close();
  });
});

function layoutOf({ collection, initial }: Field<unknown>): string {
  if (collection === undefined) return "whole";
  return initial instanceof Map ? "map" : "list";
}

/** Every field with its layout, and the slices of each phase. */
function layout(): readonly string[] {
  return [
    `format ${STORE_FORMAT}`,
    `fields: ${PLAIN_FIELDS.join(", ")}`,
    ...(["pending-join", "working", "ended"] as const).map(
      (phase) => `${phase}: ${slicesIn(phase).toSorted().join(", ")}`,
    ),
    ...Object.entries(SLICES).flatMap(([slice, fields]) =>
      Object.entries(fields).map(([name, field]) => `${slice}.${name}: ${layoutOf(field as Field<unknown>)}`),
    ),
  ];
}

// A changed layout needs a new STORE_FORMAT and a migration; `npx vitest run -u` updates it here. Before the first
// release it is only updated: see "A change of the storage format" in CONTRIBUTING.md.
test("The layout of a state is the one that its format stands for", () => {
  expect(layout().join("\n")).toMatchInlineSnapshot(`
    "format 1
    fields: phase, name, config, mode, endReason
    pending-join: inbound, joining, outbox, scores, stewards
    working: admission, bans, branches, changes, chat, commit, epoch, identities, inbound, invitations, keys, leave, outbox, presence, record, refusals, rejoin, repair, scores, stewards, sync, votes
    ended: scores, stewards
    stewards.list: whole
    stewards.opening: whole
    stewards.recovery: whole
    stewards.electionDueSinceMs: whole
    scores.values: whole
    scores.rejectedRemovals: map
    joining.askedAtMs: whole
    joining.awaitedUntilMs: whole
    joining.groupId: whole
    joining.leaves: whole
    joining.keyPackage: whole
    joining.redemption: whole
    joining.announcements: whole
    joining.announceAtMs: whole
    joining.held: list
    joining.confirmed: whole
    joining.asked: whole
    joining.resumed: whole
    epoch.enteredAtMs: whole
    epoch.pastMembers: whole
    epoch.votesDueAtMs: whole
    epoch.gapReported: whole
    epoch.divergenceReported: whole
    sync.assurance: whole
    sync.assuredBy: whole
    sync.synced: whole
    sync.admittedBy: whole
    sync.keyPackage: whole
    sync.otherGroups: whole
    sync.provisional: whole
    admission.arrivals: map
    admission.spent: whole
    admission.admitted: list
    admission.confirmations: map
    admission.welcomes: list
    votes.sessions: whole
    votes.open: map
    votes.resolved: whole
    votes.observed: map
    votes.bufferedVotes: whole
    votes.bufferedProposals: whole
    votes.nextRequestId: whole
    changes.pending: map
    changes.proposalDueSinceMs: whole
    changes.approved: list
    changes.urgentTarget: whole
    commit.anchoredAtMs: whole
    commit.candidates: map
    commit.refused: whole
    commit.merged: whole
    outbox.entries: list
    outbox.nextSequence: whole
    outbox.quietUntilMs: whole
    inbound.buffered: list
    chat.queued: list
    chat.sent: list
    chat.shown: list
    chat.names: map
    leave.requested: whole
    leave.dueAtMs: whole
    leave.repeats: whole
    leave.sentBy: whole
    record.opening: whole
    record.results: whole
    record.passed: whole
    record.known: whole
    record.unknown: whole
    rejoin.requested: map
    rejoin.notices: map
    rejoin.leaves: whole
    rejoin.unmet: whole
    rejoin.certifiedEpoch: whole
    rejoin.keyPackage: whole
    rejoin.announcements: whole
    rejoin.showAtMs: whole
    rejoin.askedAtMs: whole
    rejoin.shownAtMs: whole
    rejoin.announceAtMs: whole
    keys.renewedAtMs: whole
    keys.requestedAtMs: whole
    keys.candidateAtMs: whole
    keys.anchoredAtMs: whole
    keys.renewals: map
    repair.epochs: list
    repair.departed: list
    repair.moved: whole
    repair.lostSinceMs: whole
    repair.delivered: whole
    repair.heard: list
    repair.log: list
    repair.voids: whole
    repair.trickle: whole
    repair.requests: list
    repair.answers: list
    repair.nonces: whole
    repair.quotas: list
    repair.catchUp: whole
    repair.unconfirmed: whole
    repair.unreadableAfterMs: whole
    repair.peerEpoch: whole
    repair.behindSince: whole
    repair.servedBy: whole
    repair.servedAtMs: whole
    repair.aloneSinceMs: whole
    branches.forks: map
    branches.left: whole
    branches.companions: whole
    branches.lostSinceMs: whole
    branches.judgeAtMs: whole
    presence.heardAt: map
    presence.missedEpochs: map
    refusals.joiners: map
    bans.members: map
    bans.condemned: whole
    bans.leavers: map
    invitations.known: map
    invitations.deputies: map
    identities.verified: list"
  `);
});
