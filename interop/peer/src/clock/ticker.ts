import type { Clock } from "demls";

/** Repeats an action at an adjustable interval. */
export interface Ticker {
  /** Restarts with this interval; 0 stops. */
  set(intervalMs: number): void;
}

/** Creates a stopped ticker. Each interval starts after the previous action has ended. */
export function createTicker(clock: Clock, action: () => Promise<void>): Ticker {
  let cancel = (): void => undefined;
  let round = 0;

  function arm(intervalMs: number, ofRound: number): void {
    cancel = clock.wakeAt(clock.monotonicMs() + intervalMs, () => {
      void action().then(() => {
        if (ofRound === round) arm(intervalMs, ofRound);
      });
    });
  }

  return {
    set(intervalMs) {
      cancel();
      round += 1;
      if (intervalMs > 0) arm(intervalMs, round);
    },
  };
}
