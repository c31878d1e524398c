import type { Clock } from "demls";

/** Does something again and again, at an interval that can be changed. */
export interface Ticker {
  /** Starts anew with this interval; 0 stops. */
  set(intervalMs: number): void;
}

/** A ticker that is still stopped. The next interval begins when `action` has ended. */
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
