import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import type { Clock } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { type Conversation, createUserFrom, type EventOfKind } from "../../src/index.js";
import {
  advance,
  enter,
  gather,
  openScene,
  settle,
  until,
  type Person,
  type Scene,
} from "../harness/index.js";

const VOTING_MS = 10_000;

let scene: Scene, alice: Person;
let garden: Conversation;
let storage: MemoryStorage;

beforeEach(async () => {
  ({ scene } = await openScene("deadlines"));
  storage = createMemoryStorage();
  alice = await enter(scene, "alice", storage);
  const bob = await enter(scene, "bob");
  [garden] = await gather(scene, "garden", alice, bob);
});

/** Opens a vote on a new joiner. */
async function askedForVote(): Promise<EventOfKind<"voteRequested">> {
  const requested = garden.nextEvent("voteRequested");
  const carol = await enter(scene, "carol");
  await carol.user.join({ name: "garden" }).conversation;
  await until(scene, () => garden.state.openVotes.length > 0);
  return requested;
}

describe("The deadline of a vote", () => {
  test("is given on the wall clock and on the monotonic clock", async () => {
    const { deadlineWallMs, deadlineMonotonicMs } = await askedForVote();
    const { monotonicMs, wallMs } = { monotonicMs: scene.clock.monotonicMs(), wallMs: scene.clock.wallMs() };
    expect(deadlineMonotonicMs - monotonicMs).toBe(VOTING_MS);
    expect(deadlineWallMs - wallMs).toBe(VOTING_MS);
    expect(new Date(deadlineWallMs).getUTCFullYear()).toBe(2026);
  });

  test("is in the snapshot: of the own vote, then of the whole vote", async () => {
    const { proposalId, deadlineWallMs, deadlineMonotonicMs } = await askedForVote();
    expect(garden.state.openVotes).toMatchObject([{ voted: false, deadlineWallMs, deadlineMonotonicMs }]);
    alice.signing = () => new Promise(() => undefined);
    await garden.vote(proposalId, false);
    const [vote] = garden.state.openVotes;
    expect(vote?.voted).toBe(true);
    expect((vote?.deadlineMonotonicMs ?? 0) - deadlineMonotonicMs).toBeGreaterThan(0);
    expect((vote?.deadlineWallMs ?? 0) - (vote?.deadlineMonotonicMs ?? 0)).toBe(
      deadlineWallMs - deadlineMonotonicMs,
    );
  });

  test.each([
    ["the time of day that it was, where the clocks agree", 0, 0],
    ["as much later by a clock that was set back, as it will come", -3_600_000, 3_000],
  ])("that was stored is after a restart at %s", async (_what, setMs, lateMs) => {
    garden.handleEvents(() => new Promise(() => undefined));
    const before = await askedForVote();
    await alice.transport.close();
    const kept = createMemoryStorage({ records: storage.records() });
    await advance(scene, 3_000);
    // The new process starts with another monotonic clock.
    const begunMs = scene.clock.monotonicMs() - 500;
    const clock: Clock = {
      monotonicMs: () => scene.clock.monotonicMs() - begunMs,
      wallMs: () => scene.clock.wallMs() + setMs,
      wakeAt: (atMs, callback) => scene.clock.wakeAt(atMs + begunMs, callback),
    };
    const user = await createUserFrom({
      ...alice.options,
      transport: scene.network.join(),
      storage: kept,
      clock,
    });
    const told: EventOfKind<"voteRequested">[] = [];
    user.conversation("garden").handleEvents((event) => {
      if (event.kind === "voteRequested") told.push(event);
    });
    await settle(scene);
    expect(told).toMatchObject([
      {
        proposalId: before.proposalId,
        deadlineMonotonicMs: 500 + VOTING_MS - 3_000 + lateMs,
        deadlineWallMs: before.deadlineWallMs + setMs + lateMs,
      },
    ]);
    await user.close();
  });

  test("that a restarted process has stored is the same in the next one", async () => {
    await alice.user.close();
    const second = await restarted(createMemoryStorage({ records: storage.records() }), 500);
    garden = second.user.conversation("garden");
    garden.handleEvents(() => new Promise(() => undefined));
    const before = await askedForVote();
    await second.transport.close();
    const third = await restarted(createMemoryStorage({ records: second.storage.records() }), 70);
    const told: EventOfKind<"voteRequested">[] = [];
    third.user.conversation("garden").handleEvents((event) => {
      if (event.kind === "voteRequested") told.push(event);
    });
    await settle(scene);
    const { proposalId, deadlineWallMs } = before;
    const deadlineMonotonicMs = 70 + deadlineWallMs - scene.clock.wallMs();
    expect(told).toMatchObject([{ proposalId, deadlineWallMs, deadlineMonotonicMs }]);
    await third.user.close();
  });

  /** Alice with a monotonic clock that begins with `startMs`. */
  async function restarted(kept: MemoryStorage, startMs: number) {
    const begunMs = scene.clock.monotonicMs() - startMs;
    const clock: Clock = {
      monotonicMs: () => scene.clock.monotonicMs() - begunMs,
      wallMs: () => scene.clock.wallMs(),
      wakeAt: (atMs, callback) => scene.clock.wakeAt(atMs + begunMs, callback),
    };
    const transport = scene.network.join();
    const user = await createUserFrom({ ...alice.options, transport, storage: kept, clock });
    return { user, transport, storage: kept };
  }
});
