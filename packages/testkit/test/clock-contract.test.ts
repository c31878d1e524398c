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
    test(`is held to by the virtual clock: it ${name}`, run);

  test.each<[string, (clock: Clock) => Partial<Clock>, string]>([
    ["stands still", () => ({ monotonicMs: () => 5 }), "advances both clocks by the time that passes"],
    [
      "goes by the wall",
      (clock) => ({ monotonicMs: () => clock.wallMs() }),
      "keeps monotonic time and wake-ups when the wall clock is set",
    ],
    [
      "wakes too early",
      (clock) => ({ wakeAt: (atMs, callback) => clock.wakeAt(atMs - 1, callback) }),
      "calls a wake-up once, at its time and not before",
    ],
    [
      "wakes by whole milliseconds",
      (clock) => ({ wakeAt: (atMs, callback) => clock.wakeAt(Math.floor(atMs), callback) }),
      "never calls a wake-up before its time",
    ],
    [
      "calls at once where the time is past",
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
      "takes a wait for 32 bits of milliseconds",
      (clock) => ({
        wakeAt: (atMs, callback) => clock.wakeAt(atMs > 2 ** 31 ? clock.monotonicMs() : atMs, callback),
      }),
      "calls a wake-up a month ahead",
    ],
    [
      "has one wake-up at a time",
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
      "cancels by the callback",
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
      "cancels whatever waits when a cancelling comes too late",
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
      "takes no wake-up from within another",
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
  ])("is broken by one that %s", async (_what, change, name) => {
    expect(await brokenCases(clockContract(() => altered(change)))).toContain(name);
  });
});
