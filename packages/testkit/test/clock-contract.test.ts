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
    ["stands still", () => ({ monotonicMs: () => 5 }), "moves both clocks on by the time that passes"],
    [
      "goes by the wall",
      (clock) => ({ monotonicMs: () => clock.wallMs() }),
      "keeps monotonic time and wake-ups where the wall clock is set",
    ],
    [
      "wakes too early",
      (clock) => ({ wakeAt: (atMs, callback) => clock.wakeAt(atMs - 1, callback) }),
      "calls once, when the time has come and not before",
    ],
    [
      "wakes by whole milliseconds",
      (clock) => ({ wakeAt: (atMs, callback) => clock.wakeAt(Math.floor(atMs), callback) }),
      "shows at a wake-up a time that is not before the one it was asked for",
    ],
    [
      "calls at once where the time is past",
      (clock) => ({
        wakeAt: (atMs, callback) =>
          atMs > clock.monotonicMs() ? clock.wakeAt(atMs, callback) : (callback(), () => undefined),
      }),
      "calls for a time that is past as soon as time passes, and never from within",
    ],
    [
      "calls twice",
      (clock) => ({
        wakeAt: (atMs, callback) => {
          clock.wakeAt(atMs + 1, callback);
          return clock.wakeAt(atMs, callback);
        },
      }),
      "calls once, when the time has come and not before",
    ],
    [
      "takes a wait for 32 bits of milliseconds",
      (clock) => ({
        wakeAt: (atMs, callback) => clock.wakeAt(atMs > 2 ** 31 ? clock.monotonicMs() : atMs, callback),
      }),
      "waits a month as well as a second",
    ],
    [
      "has one wake-up at a time",
      (clock) => {
        let cancel = (): void => undefined;
        return { wakeAt: (atMs, callback) => (cancel(), (cancel = clock.wakeAt(atMs, callback))) };
      },
      "calls in order of time, whatever the order of asking",
    ],
    [
      "cannot cancel",
      (clock) => ({ wakeAt: (atMs, callback) => (clock.wakeAt(atMs, callback), () => undefined) }),
      "forgets a wake-up that is cancelled, and no other of the same time",
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
      "forgets a wake-up that is cancelled, and no other of the same time",
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
      "takes a cancelling that comes too late, from within the wake-up as well",
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
      "takes a wake-up that another one asks for",
    ],
  ])("is broken by one that %s", async (_what, change, name) => {
    expect(await brokenCases(clockContract(() => altered(change)))).toContain(name);
  });
});
