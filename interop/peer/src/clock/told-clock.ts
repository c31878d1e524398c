import type { Clock } from "demls";

/** A clock that stands still at what it was told last. It wakes nobody: who goes by it is polled. */
export interface ToldClock extends Clock {
  /** Milliseconds since the Unix epoch. Time never goes back: an earlier one changes nothing. */
  tell(wallMs: number): void;
}

export function createToldClock(): ToldClock {
  let nowMs = 0;
  return {
    tell(wallMs) {
      nowMs = Math.max(nowMs, wallMs);
    },
    monotonicMs: () => nowMs,
    wallMs: () => nowMs,
    wakeAt: () => () => undefined,
  };
}
