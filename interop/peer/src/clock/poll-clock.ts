import type { Clock } from "demls";

/** A clock with the time of another one, which fires timers only when polled. */
export interface PollClock extends Clock {
  /**
   * Fires every due timer in order of time. Timers that are set meanwhile fire at the next poll, even if already due.
   */
  poll(): void;
}

interface WakeUp {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Creates a poll clock on top of `base`. */
export function createPollClock(base: Clock): PollClock {
  const waiting = new Set<WakeUp>();
  return {
    monotonicMs: () => base.monotonicMs(),
    wallMs: () => base.wallMs(),
    wakeAt(atMs, callback) {
      const wakeUp = { atMs, callback };
      waiting.add(wakeUp);
      return () => void waiting.delete(wakeUp);
    },
    poll() {
      const nowMs = base.monotonicMs();
      const due = [...waiting].filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
      for (const wakeUp of due) {
        // An earlier timer may have cancelled it.
        if (waiting.delete(wakeUp)) wakeUp.callback();
      }
    },
  };
}
