import type { Clock } from "@demls/wire/core";

/** Longest delay of `setTimeout`: 2^31 - 1 ms. Longer timers are set again when it elapses. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The platform's clocks and timers. */
export const platformClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wakeAt(atMs, callback) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const leftMs = Math.max(0, atMs - performance.now());
      if (leftMs > LONGEST_TIMER_MS) timer = setTimeout(arm, LONGEST_TIMER_MS);
      // `setTimeout` may fire a fraction of a millisecond early, which the `Clock` contract forbids.
      else timer = setTimeout(() => (performance.now() < atMs ? arm() : callback()), Math.ceil(leftMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
