import { createVirtualClock } from "@demls/testkit";
import type { Clock } from "@demls/wire/core";
import { expect, test, vi } from "vitest";
import { createWakeTimer } from "../../src/runtime/wake-timer.js";

/** A clock whose process may stand still: its timers run late. */
function stoppableClock() {
  const running = createVirtualClock();
  let stoodStillMs = 0;
  const clock: Clock = {
    monotonicMs: () => running.monotonicMs() + stoodStillMs,
    wallMs: () => running.wallMs() + stoodStillMs,
    wakeAt: (atMs, wake) => running.wakeAt(atMs - stoodStillMs, wake),
  };
  const stop = (ms: number): void => void (stoodStillMs += ms);
  return { running, clock, stop };
}

test("A wake-up that is minutes away comes at its time, and once", async () => {
  const { running, clock } = stoppableClock();
  const wake = vi.fn();
  createWakeTimer(clock, wake, false).arm(200_000);
  await running.advance(199_999);
  expect(wake).not.toHaveBeenCalled();
  await running.advance(1);
  expect(wake.mock.calls).toEqual([["tick"]]);
});

test("A pause is noticed soon after it, although the wake-up is minutes away", async () => {
  const { running, clock, stop } = stoppableClock();
  const wake = vi.fn();
  createWakeTimer(clock, wake, false).arm(200_000);
  await running.advance(1_000);
  stop(20_000);
  await running.advance(5_000);
  expect(wake.mock.calls).toEqual([["resumed"]]);
});

test("A timer without a wake-up keeps no timer running", async () => {
  const { running, clock } = stoppableClock();
  const timer = createWakeTimer(clock, vi.fn(), false);
  timer.arm(200_000);
  timer.arm(undefined);
  expect(running.nextWakeMs()).toBeUndefined();
});

test("A restored conversation counts as paused, once", () => {
  const { clock } = stoppableClock();
  const timer = createWakeTimer(clock, vi.fn(), true);
  expect([timer.wasPaused(), timer.wasPaused()]).toEqual([true, false]);
});
