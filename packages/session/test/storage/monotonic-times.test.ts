import type { MlsService } from "@demls/mls";
import { createMemoryStorage } from "@demls/storage-memory";
import { memberIdFromBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { Phase } from "../../src/model/phase.js";
import { initialSlice } from "../../src/model/slice.js";
import { SLICES, slicesIn } from "../../src/model/state.js";
import { monotonicOffsetMs, withTimesMoved } from "../../src/storage/monotonic-times.js";
import { createStateRecords, type GrouplessState } from "../../src/storage/state-records.js";
import type { Active } from "../../src/step/index.js";
import { gather } from "../harness/index.js";

describe("Times of a former process", () => {
  const then = { monotonicMs: 5_000, wallMs: 1_000_000 };

  test("are as far away as the wall clock says, whatever the monotonic clock begins with", () => {
    const byMs = monotonicOffsetMs(then, { monotonicMs: 70, wallMs: 1_030_000 });
    const dueInAMinute = then.monotonicMs + 60_000;
    expect(dueInAMinute + byMs - 70).toBe(30_000);
  });

  test("stand still where the wall clock was set back", () => {
    const byMs = monotonicOffsetMs(then, { monotonicMs: 70, wallMs: 400 });
    expect(then.monotonicMs + 60_000 + byMs - 70).toBe(60_000);
  });

  test.each(["pending-join", "working", "ended"] as const)(
    "are moved in every slice of the phase %s",
    (phase) => {
      const moved = withTimesMoved(stateAt(phase, 1_000), 100);
      expect(moved).toEqual(stateAt(phase, 1_100));
    },
  );

  test("are shifted inside the values of fields", async () => {
    const { full } = await fullState();
    expect(timesIn(full)).toEqual([1, 2, 3, 4, 5, 6]);
    const moved = withTimesMoved({ ...full }, 100) as unknown as Active;
    expect(timesIn(moved)).toEqual([1, 2, 3, 4, 5, 6].map((timeMs) => timeMs + 100));
    expect(withTimesMoved({ ...moved }, -100)).toEqual(full);
  });

  test("stay as they are in the records; those of later steps are written like them", async () => {
    const { full, mls } = await fullState();
    const storage = createMemoryStorage();
    const former = createStateRecords("garden", mls);
    await storage.write(former.changes(full));

    const next = createStateRecords("garden", mls);
    const restored = next.restore(await storage.scan("garden"), former.fields);
    const moved = { ...full, ...withTimesMoved(restored, 100) } as unknown as Active;
    next.shift(moved as unknown as GrouplessState, 100);
    expect(next.changes(moved)).toEqual([]);

    const [sent] = moved.outbox.entries;
    const entries = [...moved.outbox.entries, { ...sent!, sequence: 2, notBeforeMs: 107 }];
    const later: Active = {
      ...moved,
      outbox: { ...moved.outbox, entries, quietUntilMs: 108 },
      inbound: { buffered: moved.inbound.buffered.map((packet) => ({ ...packet, receivedMs: 109 })) },
    };
    const changes = next.changes(later);
    expect(changes.filter(({ kind }) => kind === "put")).toHaveLength(3);
    await storage.write(changes);
    const kept = createStateRecords("garden", mls).restore(await storage.scan("garden"), next.fields);
    expect(timesIn(kept as unknown as Active)).toEqual([1, 2, 3, 4, 5, 7, 9]);
    expect((kept as unknown as Active).outbox.quietUntilMs).toBe(8);
  });
});

/** A state with times in values of fields, from 1 to 6. */
async function fullState(): Promise<{ readonly full: Active; readonly mls: MlsService }> {
  const { members } = await gather(["alice", "bob"]);
  const [alice, bob] = members;
  if (alice === undefined) throw new Error("There is no member.");
  const state = alice.state as Active;
  const packet = {
    payload: new Uint8Array(),
    subtopic: "app_msg",
    conversationId: "g",
    appId: new Uint8Array(),
  };
  const request = { kind: "remove", member: memberIdFromBytes(new Uint8Array()) } as const;
  const member = state.sync.admittedBy ?? bob?.id ?? ("" as never);
  const { votes, outbox } = state;
  const vote = { ...VOTE, request, proposer: member };
  const full: Active = {
    ...state,
    votes: { ...votes, open: new Map([[1, vote]]) },
    changes: {
      ...state.changes,
      pending: new Map([[member, { request, firstSeenEpoch: 0n, firstSeenMs: 4 }]]),
    },
    outbox: {
      ...outbox,
      entries: [
        { sequence: 1, packet, proposalId: undefined, sealed: undefined, attempts: 0, notBeforeMs: 5 },
      ],
    },
    inbound: { buffered: [{ packet, epoch: 1n, receivedMs: 6 }] },
  };
  return { full, mls: alice.mls };
}

/** Fields of slices that are durations, by `slice.field`. Every other field that ends in `Ms` is a time. */
const DURATIONS: readonly string[] = [];

/** A state with this time in every field for a time. */
function stateAt(phase: Phase, timeMs: number): GrouplessState {
  const slices = slicesIn(phase).map((name): readonly [string, unknown] => {
    const initial = initialSlice(SLICES[name]);
    const times = Object.keys(initial).filter(
      (field) => field.endsWith("Ms") && !DURATIONS.includes(`${name}.${field}`),
    );
    return [name, { ...initial, ...Object.fromEntries(times.map((field) => [field, timeMs])) }];
  });
  return { ...Object.fromEntries(slices), phase };
}

const VOTE = {
  proposalId: 1,
  own: false,
  result: undefined,
  voters: [],
  expectedElection: false,
  deadlineMs: 1,
  slotHeldUntilMs: 2,
  defaultVote: { atMs: 3, vote: true },
  signature: undefined,
  claimedName: undefined,
} as const;

function timesIn(state: Active): (number | undefined)[] {
  const votes = [...state.votes.open.values()];
  return [
    ...votes.flatMap(({ deadlineMs, slotHeldUntilMs, defaultVote }) => [
      deadlineMs,
      slotHeldUntilMs,
      defaultVote?.atMs,
    ]),
    ...[...state.changes.pending.values()].map(({ firstSeenMs }) => firstSeenMs),
    ...state.outbox.entries.map(({ notBeforeMs }) => notBeforeMs),
    ...state.inbound.buffered.map(({ receivedMs }) => receivedMs),
  ];
}
