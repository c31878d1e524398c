import { describe, expect, test } from "vitest";
import { monotonicOffsetMs, withTimesMoved } from "../../src/storage/monotonic-times.js";
import type { ConversationState } from "../../src/step/index.js";
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
    const request = { kind: "remove_member", identity: new Uint8Array() } as const;
    const member = state.admittedBy ?? members[1]?.id ?? ("" as never);
    const full = {
      ...state,
      phaseAnchorMs: 1,
      epochEnteredMs: 2,
      quietUntilMs: 3,
      epochVotesDueMs: 4,
      electionDueSinceMs: 5,
      leaveDueMs: 6,
      voteDeadlines: new Map([[1, 7]]),
      settlingElsewhereMs: new Map([[1, 8]]),
      defaultVotes: new Map([[1, { atMs: 9, vote: true }]]),
      pendingUpdates: new Map([[member, { request, firstSeenEpoch: 0n, firstSeenMs: 10 }]]),
      outbox: [{ sequence: 1, packet, proposalId: undefined, attempts: 0, notBeforeMs: 11 }],
      bufferedPackets: [{ packet, epoch: 1n, receivedMs: 12 }],
    };
    expect(timesIn(full)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const moved = withTimesMoved(full, 100);
    expect(timesIn(moved)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((timeMs) => timeMs + 100));
    expect(withTimesMoved(moved, -100)).toEqual(full);
  });
});

function timesIn(state: ConversationState): (number | undefined)[] {
  return [
    state.phaseAnchorMs,
    state.epochEnteredMs,
    state.quietUntilMs,
    state.epochVotesDueMs,
    state.electionDueSinceMs,
    state.leaveDueMs,
    ...state.voteDeadlines.values(),
    ...state.settlingElsewhereMs.values(),
    ...[...state.defaultVotes.values()].map(({ atMs }) => atMs),
    ...[...state.pendingUpdates.values()].map(({ firstSeenMs }) => firstSeenMs),
    ...state.outbox.map(({ notBeforeMs }) => notBeforeMs),
    ...state.bufferedPackets.map(({ receivedMs }) => receivedMs),
  ];
}
