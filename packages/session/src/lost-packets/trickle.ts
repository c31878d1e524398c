import type { RandomSource } from "@demls/wire/core";
import { fraction } from "../model/fraction.js";
import type { TrickleTimer } from "../model/repair.js";

/** Shortest interval in ms (Imin of RFC 6206). */
const SHORTEST_MS = 2_000;

/** Longest interval in ms (Imax): seven doublings. */
export const LONGEST_MS = SHORTEST_MS * 2 ** 7;

/** Longest interval in ms while members wait for each other's choices: three doublings. */
export const LONGEST_IN_SELECTION_MS = SHORTEST_MS * 2 ** 3;

/** Number of equal reports that suppress an own one (k). */
const REDUNDANCY = 2;

/** Timer of reports that start frequent and become rare while all members agree (RFC 6206). */
export function startTrickle(nowMs: number, random: RandomSource, intervalMs = SHORTEST_MS): TrickleTimer {
  const sendAtMs = nowMs + Math.floor((intervalMs * (1 + fraction(random))) / 2);
  return { intervalMs, endsAtMs: nowMs + intervalMs, sendAtMs, heard: 0 };
}

/** Shortens the interval after an inconsistency. The shortest interval goes on. */
export function resetTrickle(timer: TrickleTimer, nowMs: number, random: RandomSource): TrickleTimer {
  return timer.intervalMs > SHORTEST_MS ? startTrickle(nowMs, random) : timer;
}

/** Counts an equal report of another member. */
export function noteConsistent(timer: TrickleTimer): TrickleTimer {
  return { ...timer, heard: timer.heard + 1 };
}

/** Monotonic time of the timer's next event. */
export function trickleDueMs({ sendAtMs, endsAtMs }: TrickleTimer): number {
  return sendAtMs ?? endsAtMs;
}

/**
 * Runs the timer up to `nowMs`.
 *
 * @param longestMs - longest interval.
 * @returns the timer to continue with, and whether to send a report.
 */
export function runTrickle(
  timer: TrickleTimer,
  nowMs: number,
  random: RandomSource,
  longestMs = LONGEST_MS,
): { readonly timer: TrickleTimer; readonly sends: boolean } {
  let sends = false;
  let running = timer;
  if (running.sendAtMs !== undefined && running.sendAtMs <= nowMs) {
    sends = running.heard < REDUNDANCY;
    running = { ...running, sendAtMs: undefined };
  }
  if (running.endsAtMs <= nowMs && running.sendAtMs === undefined) {
    running = startTrickle(nowMs, random, Math.min(longestMs, running.intervalMs * 2));
  }
  return { timer: running, sends };
}
