/** A deadline as applications are told it: on both clocks. */
export interface ToldDeadline {
  /** Milliseconds since the Unix epoch, as the wall clock stands when it is told: what `new Date` takes. */
  readonly deadlineWallMs: number;
  /** On the user's monotonic clock, by which it is kept. */
  readonly deadlineMonotonicMs: number;
}

/** A moment on both clocks, in milliseconds. */
export interface ClockReading {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** Tells a deadline of the monotonic clock on both, from how they stand now. */
export function toldDeadline(
  deadlineMonotonicMs: number,
  { monotonicMs, wallMs }: ClockReading,
): ToldDeadline {
  return { deadlineWallMs: Math.round(wallMs + deadlineMonotonicMs - monotonicMs), deadlineMonotonicMs };
}
