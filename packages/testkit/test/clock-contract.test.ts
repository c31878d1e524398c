import type { Clock } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { clockContract, createVirtualClock, type ClockUnderTest } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

function virtualClock(): ClockUnderTest {
  const clock = createVirtualClock();
  return { clock, advance: clock.advance, jumpWall: clock.jumpWall };
}

/** The virtual clock with parts of it replaced. */
function altered(change: (clock: Clock) => Partial<Clock>): ClockUnderTest {
  const { clock, ...controls } = virtualClock();
  return { ...controls, clock: { ...clock, ...change(clock) } };
}

describe("the contract of clocks", () => {
  for (const { name, run } of clockContract(virtualClock))
    test(`is met by the virtual clock: it ${name}`, run);

  test.each<[string, (clock: Clock) => Partial<Clock>, string]>([
    ["stands still", () => ({ monotonicMs: () => 5 }), "advances both clocks by the time that passes"],
    [
      "follows the wall clock",
      (clock) => ({ monotonicMs: () => clock.wallMs() }),
      "keeps monotonic time and wake-ups when the wall clock is set",
    ],
    [
      "calls wake-ups too early",
      (clock) => ({ wakeAt: (atMs, callback) => clock.wakeAt(atMs - 1, callback) }),
      "calls a wake-up once, at its time and not before",
    ],
    [
      "calls wake-ups at whole milliseconds",
      (clock) => ({ wakeAt: (atMs, callback) => clock.wakeAt(Math.floor(atMs), callback) }),
      "never calls a wake-up before its time",
    ],
    [
      "calls wake-ups for past times synchronously",
      (clock) => ({
        wakeAt: (atMs, callback) =>
          atMs > clock.monotonicMs() ? clock.wakeAt(atMs, callback) : (callback(), () => undefined),
      }),
      "calls a wake-up for a past time as soon as time passes, never synchronously",
    ],
    [
      "calls twice",
      (clock) => ({
        wakeAt: (atMs, callback) => {
          clock.wakeAt(atMs + 1, callback);
          return clock.wakeAt(atMs, callback);
        },
      }),
      "calls a wake-up once, at its time and not before",
    ],
    [
      "truncates delays to 32 bits",
      (clock) => ({
        wakeAt: (atMs, callback) => clock.wakeAt(atMs > 2 ** 31 ? clock.monotonicMs() : atMs, callback),
      }),
      "calls a wake-up a month ahead",
    ],
    [
      "keeps one wake-up at a time",
      (clock) => {
        let cancel = (): void => undefined;
        return { wakeAt: (atMs, callback) => (cancel(), (cancel = clock.wakeAt(atMs, callback))) };
      },
      "calls wake-ups in order of time, in any order of requests",
    ],
    [
      "cannot cancel",
      (clock) => ({ wakeAt: (atMs, callback) => (clock.wakeAt(atMs, callback), () => undefined) }),
      "cancels one wake-up, and no other of the same time",
    ],
    [
      "cancels by callback identity",
      (clock) => {
        const cancelled = new Set<() => void>();
        return {
          wakeAt: (atMs, callback) => {
            clock.wakeAt(atMs, () => cancelled.has(callback) || callback());
            return () => void cancelled.add(callback);
          },
        };
      },
      "cancels one wake-up, and no other of the same time",
    ],
    [
      "cancels another wake-up on a late cancellation",
      (clock) => {
        let last = (): void => undefined;
        return {
          wakeAt: (atMs, callback) => {
            last = clock.wakeAt(atMs, callback);
            return () => last();
          },
        };
      },
      "ignores a late cancellation, even within the wake-up",
    ],
    [
      "ignores wake-ups requested within another",
      (clock) => {
        let isCalling = false;
        return {
          wakeAt: (atMs, callback) => {
            if (isCalling) return () => undefined;
            return clock.wakeAt(atMs, () => {
              isCalling = true;
              callback();
              isCalling = false;
            });
          },
        };
      },
      "accepts a wake-up requested within another",
    ],
  ])("reports an implementation that %s", async (_what, change, name) => {
    expect(await brokenCases(clockContract(() => altered(change)))).toContain(name);
  });
});
