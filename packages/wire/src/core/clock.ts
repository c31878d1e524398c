/** Cancels a pending wake-up. Idempotent. */
export type CancelTimer = () => void;

/** Time port with two clocks: a monotonic one for timers, and a wall clock for timestamps on the wire. */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may jump. */
  wallMs(): number;
  /** Calls `callback` once, when `monotonicMs()` has reached `atMs` and never earlier. */
  wakeAt(atMs: number, callback: () => void): CancelTimer;
}
