import type { Clock } from "@demls/wire/core";

/** The longest that a timer of the platform waits: 2^31 - 1 ms. What is due later is armed again. */
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
      // A platform timer may fire a fraction early; the port promises never to.
      else timer = setTimeout(() => (performance.now() < atMs ? arm() : callback()), Math.ceil(leftMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
