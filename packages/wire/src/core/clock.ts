/** Cancels a wake-up that has not come yet. Calling it again does nothing. */
export type CancelTimer = () => void;

/**
 * Time, injected. Two clocks in one port: a monotonic one that timers run on, and a wall clock for
 * what the wire carries.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may jump. */
  wallMs(): number;
  /** Calls `callback` once, not before `monotonicMs()` has reached `atMs`. */
  wakeAt(atMs: number, callback: () => void): CancelTimer;
}
