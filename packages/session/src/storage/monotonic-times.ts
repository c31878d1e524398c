import type { ClockReading } from "../model/deadline.js";
import { shiftedSlice } from "../model/slice.js";
import { SLICES, slicesIn } from "../model/state.js";
import type { GrouplessState } from "./state-records.js";

/**
 * Offset of a former process's monotonic times in this process, whose monotonic clock may start anywhere. The wall
 * clock tells the time that has passed in between. Where it was set back, no time has passed, so that a deadline may
 * come late, and never all of them at once.
 */
export function monotonicOffsetMs(then: ClockReading, now: ClockReading): number {
  const passedMs = Math.max(0, now.wallMs - then.wallMs);
  return now.monotonicMs - (then.monotonicMs + passedMs);
}

/** The state with every monotonic time in it moved by `byMs`. */
export function withTimesMoved(state: GrouplessState, byMs: number): GrouplessState {
  const moved = slicesIn(state.phase).map((name): readonly [string, unknown] => [
    name,
    shiftedSlice(SLICES[name], state[name] as never, byMs),
  ]);
  return { ...state, ...Object.fromEntries(moved) };
}
