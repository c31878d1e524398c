import { clockContract, randomContract, type ClockUnderTest } from "@demls/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { platformClock, platformRandom } from "../src/index.js";

describe("The platform's random source", () => {
  for (const { name, run } of randomContract(() => platformRandom)) test(name, run);

  test.each([0, 1, 32, 65_536, 65_537, 200_000])("fills %i bytes, to the last", (length) => {
    const bytes = platformRandom.bytes(length);
    expect(bytes).toHaveLength(length);
    // 32 random bytes are not all zero in practice.
    if (length >= 32) expect(bytes.subarray(-32).some((byte) => byte !== 0)).toBe(true);
  });

  test("returns different bytes each time", () => {
    expect(platformRandom.bytes(32)).not.toEqual(platformRandom.bytes(32));
  });
});

describe("The platform's clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const underFakeTimers: ClockUnderTest = {
    clock: platformClock,
    advance: (ms) => vi.advanceTimersByTime(ms),
    jumpWall: (ms) => vi.setSystemTime(Date.now() + ms),
  };
  for (const { name, run } of clockContract(() => underFakeTimers)) test(name, run);

  test("sets the timer again if the platform's timer fires early", () => {
    const startMs = platformClock.monotonicMs();
    const wake = vi.fn();
    platformClock.wakeAt(startMs + 100, wake);
    const monotonic = vi.spyOn(performance, "now").mockReturnValueOnce(startMs + 99.5);
    vi.advanceTimersByTime(100);
    expect(wake).not.toHaveBeenCalled();
    monotonic.mockRestore();
    vi.advanceTimersByTime(1);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  test("does not fire a cancelled timer, even one that was set again", () => {
    const wake = vi.fn();
    const cancel = platformClock.wakeAt(platformClock.monotonicMs() + 3_000_000_000, wake);
    vi.advanceTimersByTime(2_500_000_000);
    cancel();
    cancel();
    vi.advanceTimersByTime(2_500_000_000);
    expect(wake).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("reads the wall clock independently of the monotonic clock", () => {
    const before = platformClock.monotonicMs();
    vi.setSystemTime(Date.UTC(2030, 0, 1));
    expect(platformClock.wallMs()).toBe(Date.UTC(2030, 0, 1));
    expect(platformClock.monotonicMs() - before).toBeLessThan(1_000);
  });
});
