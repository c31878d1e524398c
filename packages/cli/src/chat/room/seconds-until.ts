import type { Clock } from "demls";

/** Whole seconds until a monotonic time, rounded up; 0 if it has passed. */
export function secondsUntil(monotonicMs: number, clock: Clock): number {
  return Math.max(0, Math.ceil((monotonicMs - clock.monotonicMs()) / 1_000));
}
