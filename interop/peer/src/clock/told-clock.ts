import type { Clock } from "demls";

/** A clock that is set explicitly and does not fire timers; its users are polled. */
export interface ToldClock extends Clock {
  /** Sets the time, in milliseconds since the Unix epoch. An earlier time has no effect. */
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
