import type { Clock } from "demls";

/** A clock that tells the time as another does, but calls what is due only when it is polled. */
export interface PollClock extends Clock {
  /**
   * Calls every wake-up that is due now, in order of time. What is asked for meanwhile waits for the next
   * poll, even where it is due already.
   */
  poll(): void;
}

interface WakeUp {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A poll clock that runs on `base`. */
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
        // An earlier one may have cancelled it.
        if (waiting.delete(wakeUp)) wakeUp.callback();
      }
    },
  };
}
