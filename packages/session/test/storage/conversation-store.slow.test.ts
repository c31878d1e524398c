import { memberIdFromBytes } from "@demls/wire/core";
import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import type { Clock, Storage } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { type ConversationState, isActive } from "../../src/step/index.js";
import type { EpochState } from "../../src/model/branches.js";
import { createConversationStore, type RestorableStore } from "../../src/storage/conversation-store.js";
import {
  advance,
  command,
  create,
  createWorld,
  join,
  leave,
  send,
  until,
  type Member,
  type World,
} from "../harness/index.js";

/** Storage that records its last write. */
interface WatchedStorage extends MemoryStorage {
  lastKeys: readonly string[];
}

function createWatchedStorage(): WatchedStorage {
  const memory = createMemoryStorage();
  const watched: WatchedStorage = {
    ...memory,
    lastKeys: [],
    async write(batch) {
      watched.lastKeys = batch.flatMap(({ kind, key }) => (kind === "put" ? [key] : []));
      await memory.write(batch);
    },
  };
  return watched;
}

/** A stored step: the kind of its input, and the keys of the written records. */
interface KeptStep {
  readonly what: string;
  readonly keys: readonly string[];
}

/** Stores every member of a world from its next step on, and compares the restored state with the current one. */
function keepAll(world: World): readonly KeptStep[] {
  const steps: KeptStep[] = [];
  const kept = new Map<string, { store: RestorableStore; storage: WatchedStorage }>();
  const clock: Clock = {
    monotonicMs: () => world.nowMs,
    wallMs: () => world.nowMs,
    wakeAt: () => () => undefined,
  };
  const storeOn = (storage: Storage, { mls }: Member): RestorableStore =>
    createConversationStore({
      ...{ namespace: "conversation/1", mls, storage, clock },
      registration: { kind: "put", namespace: "user", key: "garden", value: new Uint8Array() },
      deregistration: { kind: "delete", namespace: "user", key: "garden" },
      keyPackageForgotten: (key) => ({ kind: "delete", namespace: "user", key }),
    });

  world.onStep = async (member, before, input, { state: after, effects }) => {
    const isFirst = !kept.has(member.name);
    const storage = kept.get(member.name)?.storage ?? createWatchedStorage();
    const store = kept.get(member.name)?.store ?? storeOn(storage, member);
    kept.set(member.name, { store, storage });
    await store.save({
      before: isFirst ? undefined : before,
      after,
      input,
      effects,
      events: [],
      history: [],
    });
    steps.push({ what: input.kind === "command" ? input.command.kind : input.kind, keys: storage.lastKeys });
    const copy = createMemoryStorage({ records: storage.records() });
    const { state, advance } = (await storeOn(copy, member).read()).restore();
    const restored = (await advance?.()) ?? state;
    expect(await comparable(restored, restored, member)).toEqual(await comparable(after, restored, member));
  };
  return steps;
}

/** A state with its groups as bytes; `other` says how far a restored group has skipped ahead. */
async function comparable(
  state: ConversationState,
  other: ConversationState,
  { mls }: Member,
): Promise<object> {
  if (!isActive(state) || !isActive(other)) return state;
  const group = await mls.skipGenerations(state.group, mls.generations(other.group));
  const comparableEpoch = ({ commit, ...rest }: EpochState): object => ({
    ...rest,
    group: mls.encodeGroup(rest.group),
    commit: {
      ...commit,
      candidates: [...commit.candidates].map(([steward, { staged, ...candidate }]) => [
        steward,
        { ...candidate, ...staged, next: staged.next && mls.encodeGroup(staged.next) },
      ]),
    },
  });
  const forks = [...state.branches.forks].map(([epoch, fork]) => [
    epoch,
    { ...fork, state: comparableEpoch(fork.state) },
  ]);
  return { ...state, ...comparableEpoch({ ...state, group }), branches: { ...state.branches, forks } };
}

describe("The stored state", () => {
  test.each(["de-mls-3", "strict"] as const)(
    "is the state, after every step of a whole %s life",
    async (mode) => {
      const world = createWorld({ mode, seed: `stored ${mode}` });
      const kept = keepAll(world);
      const alice = await create(world, "alice");
      const [bob, carol] = [await join(world, "bob"), await join(world, "carol")];
      const size = (count: number) => () =>
        world.members
          .filter(({ state }) => state.phase !== "ended")
          .every(({ state }) => state.group?.members.length === count && state.phase === "working");
      await until(world, size(3));
      const content = new TextEncoder().encode("hello");
      for (let ticket = 1; ticket <= 70; ticket++) await send(world, bob, content, ticket);
      await advance(world, 1_000);
      await command(world, alice, {
        kind: "propose",
        request: { kind: "remove", member: memberIdFromBytes(carol.signer.identity) },
        creatorVote: "yes",
      });
      await until(world, size(2));
      await leave(world, bob);
      await until(world, () => bob.state.phase === "ended");
      expect(kept.length).toBeGreaterThan(200);
      expect(alice.state.group?.members).toEqual([alice.id]);
    },
  );

  test("contains a new group only for one in sixty-four messages, sent or received", async () => {
    const world = createWorld({ seed: "messages" });
    const kept = keepAll(world);
    const alice = await create(world, "alice");
    await join(world, "bob");
    await until(world, () => world.members.every(({ state }) => state.group?.members.length === 2));
    await advance(world, 60_000);
    const before = kept.length;
    const content = new TextEncoder().encode("hello");
    for (let ticket = 1; ticket <= 64; ticket++) {
      await send(world, alice, content, ticket);
      await advance(world, 0);
    }
    const messages = kept.slice(before).filter(({ what }) => what === "send" || what === "packet");
    expect(messages).toHaveLength(128);
    expect(messages.filter(({ keys }) => keys.includes("group"))).toHaveLength(2);
  });
});
