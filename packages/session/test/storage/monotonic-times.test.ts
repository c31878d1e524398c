import { memberIdFromBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { monotonicOffsetMs, withTimesMoved } from "../../src/storage/monotonic-times.js";
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

  test("are moved wherever a state has one", async () => {
    const { members } = await gather(["alice", "bob"]);
    const state = members[0]?.state;
    if (state === undefined) throw new Error("Nobody is there.");
    const packet = {
      payload: new Uint8Array(),
      subtopic: "app_msg",
      conversationId: "g",
      appId: new Uint8Array(),
    };
    const request = { kind: "remove", member: memberIdFromBytes(new Uint8Array()) } as const;
    const member = state.sync.admittedBy ?? members[1]?.id ?? ("" as never);
    const { votes, outbox } = state;
    const vote = { ...VOTE, request, proposer: member };
    const full: Active = {
      ...(state as Active),
      commit: { ...state.commit, anchoredAtMs: 1 },
      epoch: { ...state.epoch, enteredAtMs: 2, votesDueAtMs: 4 },
      stewards: { ...state.stewards, electionDueSinceMs: 5 },
      leave: { ...state.leave, dueAtMs: 6 },
      votes: { ...votes, open: new Map([[1, vote]]) },
      changes: {
        ...state.changes,
        pending: new Map([[member, { request, firstSeenEpoch: 0n, firstSeenMs: 10 }]]),
      },
      outbox: {
        ...outbox,
        quietUntilMs: 3,
        entries: [{ sequence: 1, packet, proposalId: undefined, attempts: 0, notBeforeMs: 11 }],
      },
      inbound: { buffered: [{ packet, epoch: 1n, receivedMs: 12 }] },
    };
    expect(timesIn(full)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const moved = withTimesMoved({ ...full }, 100) as unknown as Active;
    expect(timesIn(moved)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((timeMs) => timeMs + 100));
    expect(withTimesMoved({ ...moved }, -100)).toEqual(full);
  });
});

const VOTE = {
  proposalId: 1,
  own: false,
  result: undefined,
  voters: [],
  expectedElection: false,
  deadlineMs: 7,
  slotHeldUntilMs: 8,
  defaultVote: { atMs: 9, vote: true },
  signature: undefined,
} as const;

function timesIn(state: Active): (number | undefined)[] {
  const votes = [...state.votes.open.values()];
  return [
    state.commit.anchoredAtMs,
    state.epoch.enteredAtMs,
    state.outbox.quietUntilMs,
    state.epoch.votesDueAtMs,
    state.stewards.electionDueSinceMs,
    state.leave.dueAtMs,
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
