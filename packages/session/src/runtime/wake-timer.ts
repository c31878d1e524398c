import type { CancelTimer, Clock } from "@demls/wire/core";
import { createPauseWatch } from "./pause-watch.js";

/** Longest time in ms without a look at the clock, so that a pause far from any wake-up is noticed. */
const BEAT_MS = 5_000;

/** The one timer of a conversation. */
export interface WakeTimer {
  /** Sets the next wake-up, a monotonic time in ms; `undefined` for none. Replaces the earlier one. */
  arm(wakeAtMs: number | undefined): void;
  /** Whether the process stood still or its machine slept since the last call; of a restored conversation, at first. */
  wasPaused(): boolean;
}

/**
 * @param wake - called with `tick` at the wake-up, and with `resumed` instead after a pause.
 * @param isRestored - whether the state was stored, and its process has ended since.
 */
export function createWakeTimer(
  clock: Clock,
  wake: (kind: "tick" | "resumed") => void,
  isRestored: boolean,
): WakeTimer {
  let isStarting = isRestored;
  const watch = createPauseWatch(clock);
  let cancel: CancelTimer | undefined;

  function arm(wakeAtMs: number | undefined): void {
    cancel?.();
    cancel = undefined;
    const atMs = wakeAtMs && Math.min(wakeAtMs, clock.monotonicMs() + BEAT_MS);
    watch.expect(atMs);
    if (wakeAtMs === undefined || atMs === undefined) return;
    cancel = clock.wakeAt(atMs, () => {
      if (wasPaused()) wake("resumed");
      else if (clock.monotonicMs() >= wakeAtMs) wake("tick");
      else arm(wakeAtMs);
    });
  }

  function wasPaused(): boolean {
    const hasPaused = watch.wasPaused() || isStarting;
    isStarting = false;
    return hasPaused;
  }

  return { arm, wasPaused };
}
