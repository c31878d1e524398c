import type { ClockReading } from "../model/deadline.js";
import { shiftedSlice } from "../model/slice.js";
import { SLICES, slicesIn } from "../model/state.js";
import type { GrouplessState } from "./state-records.js";

/**
 * Offset between the monotonic clocks of an earlier process and this one, which may start anywhere. The elapsed time is
 * taken from the wall clock. If the wall clock was set back, the elapsed time counts as zero, so that deadlines may be
 * late but do not all fire at once.
 */
export function monotonicOffsetMs(then: ClockReading, now: ClockReading): number {
  const passedMs = Math.max(0, now.wallMs - then.wallMs);
  return now.monotonicMs - (then.monotonicMs + passedMs);
}

/** The state with every monotonic time shifted by `byMs`. */
export function withTimesMoved(state: GrouplessState, byMs: number): GrouplessState {
  const moved = slicesIn(state.phase).map((name): readonly [string, unknown] => [
    name,
    shiftedSlice(SLICES[name], state[name] as never, byMs),
  ]);
  return { ...state, ...Object.fromEntries(moved) };
}
