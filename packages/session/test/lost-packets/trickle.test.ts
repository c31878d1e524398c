import type { RandomSource } from "@demls/wire/core";
import { createSeededRandom } from "@demls/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  noteConsistent,
  resetTrickle,
  runTrickle,
  startTrickle,
  trickleDueMs,
} from "../../src/lost-packets/trickle.js";
import type { TrickleTimer } from "../../src/model/repair.js";

const SHORTEST_MS = 2_000;
const LONGEST_MS = 256_000;

const random = createSeededRandom("trickle");

/** A random source that returns one byte again and again. */
const constant = (byte: number): RandomSource => ({ bytes: (length) => new Uint8Array(length).fill(byte) });

/** The timers of consecutive intervals, each run at its two events. */
function intervals(count: number): { readonly timer: TrickleTimer; readonly sends: boolean }[] {
  const run: { timer: TrickleTimer; sends: boolean }[] = [];
  let timer = startTrickle(0, random);
  for (let i = 0; i < count; i++) {
    const reported = runTrickle(timer, trickleDueMs(timer), random);
    run.push({ timer, sends: reported.sends });
    ({ timer } = runTrickle(reported.timer, trickleDueMs(reported.timer), random));
  }
  return run;
}

describe("The timer of reports", () => {
  test("sends in the second half of each interval, whatever the random bytes", () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.nat(1_000_000),
        fc.constantFrom(2_000, 64_000, 256_000),
        (byte, nowMs, ms) => {
          const { sendAtMs = -1, endsAtMs } = startTrickle(nowMs, constant(byte), ms);
          expect(sendAtMs).toBeGreaterThanOrEqual(nowMs + ms / 2);
          expect(sendAtMs).toBeLessThan(nowMs + ms);
          expect(endsAtMs).toBe(nowMs + ms);
        },
      ),
    );
  });

  test("starts with the shortest interval and doubles it up to the longest", () => {
    const lengths = intervals(10).map(({ timer }) => timer.intervalMs);
    expect(lengths[0]).toBe(SHORTEST_MS);
    expect(lengths).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 256, 256].map((seconds) => seconds * 1_000));
    expect(lengths.at(-1)).toBe(LONGEST_MS);
  });

  test("sends once in each interval without equal reports", () => {
    expect(intervals(10).map(({ sends }) => sends)).toEqual(Array.from({ length: 10 }, () => true));
  });

  test.each([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ])("after %i equal reports in the interval, sends: %s", (heard, expected) => {
    let timer = startTrickle(0, random);
    for (let i = 0; i < heard; i++) timer = noteConsistent(timer);
    expect(runTrickle(timer, trickleDueMs(timer), random).sends).toBe(expected);
  });

  test("counts equal reports anew in each interval", () => {
    const timer = noteConsistent(noteConsistent(startTrickle(0, random)));
    const suppressed = runTrickle(timer, trickleDueMs(timer), random).timer;
    const next = runTrickle(suppressed, trickleDueMs(suppressed), random).timer;
    expect(next).toMatchObject({ heard: 0, intervalMs: 4_000 });
  });

  test("does nothing before its event", () => {
    const timer = startTrickle(0, random);
    expect(runTrickle(timer, trickleDueMs(timer) - 1, random)).toEqual({ timer, sends: false });
  });

  test("returns to the shortest interval after an inconsistency", () => {
    const timer = startTrickle(0, random, LONGEST_MS);
    const reset = resetTrickle(timer, 100_000, random);
    expect(reset).toMatchObject({ intervalMs: SHORTEST_MS, endsAtMs: 102_000, heard: 0 });
  });

  test("continues the shortest interval after an inconsistency, so that a flood of them does not postpone a report", () => {
    const timer = startTrickle(0, random);
    expect(resetTrickle(timer, 1_500, random)).toBe(timer);
  });

  test("sends one report and starts one interval after a long pause", () => {
    const { timer, sends } = runTrickle(startTrickle(0, random), 10_000_000, random);
    expect(sends).toBe(true);
    expect(timer).toMatchObject({ intervalMs: 4_000, endsAtMs: 10_004_000 });
  });
});
