import type { Clock, RandomSource } from "@demls/wire/core";
import { vi } from "vitest";

/** Vitest's fake time as a clock. The testkit's clock depends on this package, so it cannot test it. */
export function fakeClock(): Clock {
  return {
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    wakeAt(atMs, callback) {
      const timer = setTimeout(callback, Math.ceil(atMs - performance.now()));
      return () => clearTimeout(timer);
    },
  };
}

/** Lets fake time pass. */
export async function advance(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** Seeded bytes from a linear congruential generator, random enough for delays. */
export function seededBytes(seed: number): RandomSource {
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
  return { bytes: (length) => Uint8Array.from({ length }, next) };
}
