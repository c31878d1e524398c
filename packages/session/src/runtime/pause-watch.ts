import type { Clock } from "@demls/wire/core";

/** Delay beyond which a process stood still, or its machine slept, in ms. */
const PAUSE_MS = 10_000;

/** Delay to which browsers put off the timers of a hidden page, again and again: once a minute. */
const THROTTLED_MS = 70_000;

/** Detector of pauses: a stopped process, a sleeping machine. */
export interface PauseWatch {
  /** Notes the next wake-up, a monotonic time in ms. */
  expect(wakeAtMs: number | undefined): void;
  /** Whether there was a pause since the last call, or since the watch was created. */
  wasPaused(): boolean;
}

/**
 * Detects a pause by a wake-up that is long overdue, or by a wall clock that moved without the monotonic clock, which
 * stands still while a machine sleeps. A wall clock that is set looks the same. In a hidden page every wake-up is late: only
 * the first counts.
 */
export function createPauseWatch(clock: Clock): PauseWatch {
  let expectedMs: number | undefined;
  /** Whether the latest wake-up was overdue. */
  let wasLate = false;
  let offsetMs = clock.wallMs() - clock.monotonicMs();
  return {
    expect(wakeAtMs) {
      expectedMs = wakeAtMs;
    },
    wasPaused() {
      const nowMs = clock.monotonicMs();
      const offsetNowMs = clock.wallMs() - nowMs;
      const lateMs = expectedMs === undefined ? -1 : nowMs - expectedMs;
      const isOverdue = lateMs > (wasLate ? THROTTLED_MS : PAUSE_MS);
      if (lateMs >= 0) wasLate = lateMs > PAUSE_MS;
      const hasSlept = Math.abs(offsetNowMs - offsetMs) > PAUSE_MS;
      offsetMs = offsetNowMs;
      expectedMs = undefined;
      return isOverdue || hasSlept;
    },
  };
}
