import type { Clock } from "demls";

/** Whole seconds until a monotonic time; 0 where it has passed. */
export function secondsUntil(monotonicMs: number, clock: Clock): number {
  return Math.max(0, Math.ceil((monotonicMs - clock.monotonicMs()) / 1_000));
}
