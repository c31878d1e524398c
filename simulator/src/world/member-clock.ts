import type { CancelTimer, Clock } from "@demls/wire/core";

/** Clock of one process of a member, a view of the world's clock. */
export interface MemberClock extends Clock {
  /** Stops the monotonic clock and the timers, as a sleeping laptop does. The wall clock runs. */
  sleep(): void;
  /** Ends the sleep. Timers are due as much later as the sleep was long. */
  wake(): void;
  /** Cancels all timers, present and future: the process is gone. */
  stop(): void;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
  cancel: CancelTimer;
}

/**
 * Creates the clock of a process that starts now; its monotonic clock starts at zero.
 *
 * @param wallSkewMs the difference of its wall clock from the world's
 */
export function createMemberClock(world: Clock, wallSkewMs: () => number): MemberClock {
  const timers = new Set<Timer>();
  let startMs = world.monotonicMs();
  let asleepSinceMs: number | undefined;
  let isStopped = false;

  function schedule(timer: Timer): void {
    timer.cancel = world.wakeAt(startMs + timer.atMs, () => {
      timers.delete(timer);
      timer.callback();
    });
  }

  function cancelAll(): void {
    for (const timer of timers) timer.cancel();
  }

  return {
    monotonicMs: () => (asleepSinceMs ?? world.monotonicMs()) - startMs,
    wallMs: () => world.wallMs() + wallSkewMs(),
    wakeAt(atMs, callback) {
      const timer: Timer = { atMs, callback, cancel: () => undefined };
      if (isStopped) return timer.cancel;
      timers.add(timer);
      if (asleepSinceMs === undefined) schedule(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    sleep() {
      if (asleepSinceMs !== undefined) return;
      asleepSinceMs = world.monotonicMs();
      cancelAll();
    },
    wake() {
      if (asleepSinceMs === undefined) return;
      startMs += world.monotonicMs() - asleepSinceMs;
      asleepSinceMs = undefined;
      for (const timer of timers) schedule(timer);
    },
    stop() {
      isStopped = true;
      cancelAll();
      timers.clear();
    },
  };
}
