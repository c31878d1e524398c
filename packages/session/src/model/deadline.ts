/** A deadline on both clocks. */
export interface ClockedDeadline {
  /** Milliseconds since the Unix epoch, for `new Date`; converted when the event is emitted. */
  readonly deadlineWallMs: number;
  /** Milliseconds on the user's monotonic clock, which the timer uses. */
  readonly deadlineMonotonicMs: number;
}

/** Reading of both clocks at one moment, in milliseconds. */
export interface ClockReading {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** Converts a monotonic deadline to both clocks. */
export function clockedDeadline(
  deadlineMonotonicMs: number,
  { monotonicMs, wallMs }: ClockReading,
): ClockedDeadline {
  return { deadlineWallMs: Math.round(wallMs + deadlineMonotonicMs - monotonicMs), deadlineMonotonicMs };
}
