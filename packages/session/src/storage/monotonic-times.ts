import type { ClockReading } from "../model/deadline.js";
import type { ConversationState } from "../model/state.js";

/**
 * By how much the monotonic times of a former process are off in this one, whose monotonic clock may have begun
 * anywhere. What has passed in between, the wall clock tells; where that was set back, nothing has passed, so
 * that a deadline may come late, and never all of them at once.
 */
export function monotonicOffsetMs(then: ClockReading, now: ClockReading): number {
  const passedMs = Math.max(0, now.wallMs - then.wallMs);
  return now.monotonicMs - (then.monotonicMs + passedMs);
}

/** Fields that are a time: a new one has to be moved as well. */
type TimeField = Extract<keyof ConversationState, `${string}Ms`>;

/** The state with every monotonic time in it moved by `byMs`. */
export function withTimesMoved<S extends Omit<ConversationState, "group">>(state: S, byMs: number): S {
  const moved = (timeMs: number): number => timeMs + byMs;
  const movedIfAny = (timeMs: number | undefined): number | undefined =>
    timeMs === undefined ? undefined : moved(timeMs);
  const times: { readonly [F in TimeField]: ConversationState[F] } = {
    phaseAnchorMs: movedIfAny(state.phaseAnchorMs),
    epochEnteredMs: moved(state.epochEnteredMs),
    quietUntilMs: moved(state.quietUntilMs),
    leaveDueMs: movedIfAny(state.leaveDueMs),
    settlingElsewhereMs: mapValues(state.settlingElsewhereMs, moved),
    electionDueSinceMs: movedIfAny(state.electionDueSinceMs),
    epochVotesDueMs: movedIfAny(state.epochVotesDueMs),
  };
  return {
    ...state,
    ...times,
    voteDeadlines: mapValues(state.voteDeadlines, moved),
    defaultVotes: mapValues(state.defaultVotes, (vote) => ({ ...vote, atMs: moved(vote.atMs) })),
    pendingUpdates: mapValues(state.pendingUpdates, (pending) => ({
      ...pending,
      firstSeenMs: moved(pending.firstSeenMs),
    })),
    outbox: state.outbox.map((entry) => ({ ...entry, notBeforeMs: moved(entry.notBeforeMs) })),
    bufferedPackets: state.bufferedPackets.map((early) => ({
      ...early,
      receivedMs: moved(early.receivedMs),
    })),
  };
}

function mapValues<K, V>(map: ReadonlyMap<K, V>, change: (value: V) => V): ReadonlyMap<K, V> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}
