import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../src/index.js";

describe("the virtual clock", () => {
  it("stands still until it is advanced", async () => {
    const clock = createVirtualClock();
    expect([clock.monotonicMs(), clock.wallMs()]).toEqual([0, 1_700_000_000_000]);
    await clock.advance(250);
    expect([clock.monotonicMs(), clock.wallMs()]).toEqual([250, 1_700_000_000_250]);
  });

  it("starts the wall clock at the configured time", () => {
    expect(createVirtualClock({ wallMs: 5 }).wallMs()).toBe(5);
  });

  it("calls wake-ups in order of time, then in order of request", async () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    clock.wakeAt(20, () => calls.push("late"));
    clock.wakeAt(10, () => calls.push("first at 10"));
    clock.wakeAt(10, () => calls.push("second at 10"));
    await clock.advance(20);
    expect(calls).toEqual(["first at 10", "second at 10", "late"]);
  });

  it("calls each wake-up at its own time", async () => {
    const clock = createVirtualClock();
    const instants: number[] = [];
    for (const at of [30, 10, 20]) clock.wakeAt(at, () => instants.push(clock.monotonicMs()));
    await clock.advance(100);
    expect(instants).toEqual([10, 20, 30]);
    expect(clock.monotonicMs()).toBe(100);
  });

  it("calls no wake-up before its time, and a past one at the next advance", async () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    await clock.advance(50);
    clock.wakeAt(51, () => calls.push("future"));
    clock.wakeAt(10, () => calls.push("past"));
    expect(calls).toEqual([]);
    await clock.advance(0);
    expect(calls).toEqual(["past"]);
    expect(clock.monotonicMs()).toBe(50);
  });

  it("calls a wake-up requested by another one meanwhile", async () => {
    const clock = createVirtualClock();
    const instants: number[] = [];
    const again = (): void => {
      instants.push(clock.monotonicMs());
      clock.wakeAt(clock.monotonicMs() + 10, again);
    };
    clock.wakeAt(10, again);
    await clock.advance(35);
    expect(instants).toEqual([10, 20, 30]);
  });

  it("lets pending work arm its wake-up before time advances", async () => {
    const clock = createVirtualClock();
    const instants: number[] = [];
    void Promise.resolve()
      .then(() => undefined)
      .then(() => clock.wakeAt(5, () => instants.push(clock.monotonicMs())));
    await clock.advance(10);
    expect(instants).toEqual([5]);
  });

  it("runs the promises of a wake-up before the next wake-up", async () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    clock.wakeAt(10, () => {
      void (async () => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        calls.push(`settled at ${clock.monotonicMs()}`);
      })();
    });
    clock.wakeAt(11, () => calls.push("next"));
    await clock.advance(11);
    expect(calls).toEqual(["settled at 10", "next"]);
  });

  it("awaits the given settle function before advancing and after each wake-up", async () => {
    const seen: number[] = [];
    const clock = createVirtualClock({ settle: async () => void seen.push(clock.monotonicMs()) });
    clock.wakeAt(10, () => undefined);
    await clock.advance(30);
    expect(seen).toEqual([0, 10]);
  });

  it("does not call a cancelled wake-up, and allows cancelling again", async () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    const cancel = clock.wakeAt(10, () => calls.push("cancelled"));
    clock.wakeAt(10, () => calls.push("kept"));
    cancel();
    cancel();
    await clock.advance(10);
    expect(calls).toEqual(["kept"]);
  });

  it("does not call a wake-up cancelled by another one of the same time", async () => {
    const clock = createVirtualClock();
    const calls: string[] = [];
    clock.wakeAt(10, () => cancel());
    const cancel = clock.wakeAt(10, () => calls.push("cancelled"));
    await clock.advance(10);
    expect(calls).toEqual([]);
  });

  it("returns the time of the next wake-up", async () => {
    const clock = createVirtualClock();
    expect(clock.nextWakeMs()).toBeUndefined();
    clock.wakeAt(20, () => undefined);
    clock.wakeAt(10, () => undefined);
    expect(clock.nextWakeMs()).toBe(10);
    await clock.advance(10);
    expect(clock.nextWakeMs()).toBe(20);
  });

  it("advances until a condition holds, and stops at that wake-up", async () => {
    const clock = createVirtualClock();
    let calls = 0;
    for (const at of [10, 20, 30]) clock.wakeAt(at, () => calls++);
    expect(await clock.advanceUntil(() => calls === 2, 1_000)).toBe(true);
    expect(clock.monotonicMs()).toBe(20);
  });

  it("does not advance if the condition already holds", async () => {
    const clock = createVirtualClock();
    clock.wakeAt(0, () => expect.unreachable());
    expect(await clock.advanceUntil(() => true, 10)).toBe(true);
    expect(clock.monotonicMs()).toBe(0);
  });

  it("gives up on a condition when the limit has passed", async () => {
    const clock = createVirtualClock();
    clock.wakeAt(11, () => expect.unreachable());
    expect(await clock.advanceUntil(() => false, 10)).toBe(false);
    expect(clock.monotonicMs()).toBe(10);
  });

  it("runs concurrent advances one after the other", async () => {
    const clock = createVirtualClock();
    const instants: number[] = [];
    clock.wakeAt(15, () => instants.push(clock.monotonicMs()));
    await Promise.all([clock.advance(10), clock.advance(10)]);
    expect(clock.monotonicMs()).toBe(20);
    expect(instants).toEqual([15]);
  });

  it("rejects with a wake-up's error, stops there, and can be advanced further", async () => {
    const clock = createVirtualClock();
    let reached = false;
    clock.wakeAt(10, () => {
      throw new Error("from the wake-up");
    });
    clock.wakeAt(20, () => (reached = true));
    await expect(clock.advance(30)).rejects.toThrow("from the wake-up");
    expect([clock.monotonicMs(), reached]).toEqual([10, false]);
    await clock.advance(10);
    expect(reached).toBe(true);
  });

  it("moves the wall clock either way without affecting wake-ups", async () => {
    const clock = createVirtualClock({ wallMs: 1_000 });
    let called = false;
    clock.wakeAt(10, () => (called = true));
    clock.jumpWall(5_000);
    expect([clock.wallMs(), clock.monotonicMs()]).toEqual([6_000, 0]);
    clock.jumpWall(-6_000);
    await clock.advance(9);
    expect([clock.wallMs(), called]).toEqual([9, false]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("rejects advancing by %s ms", async (ms) => {
    const clock = createVirtualClock();
    await expect(clock.advance(ms)).rejects.toMatchObject({ code: "invalid-duration", field: "ms" });
    await expect(clock.advanceUntil(() => false, ms)).rejects.toMatchObject({ field: "limitMs" });
  });

  it("calls the same wake-ups at the same times for any division into advances", async () => {
    const times = fc.array(fc.nat(100), { maxLength: 12 });
    const cuts = fc.array(fc.nat(50), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(times, cuts, async (wakeTimes, moves) => {
        const total = moves.reduce((sum, ms) => sum + ms, 0);
        expect(await firings(wakeTimes, moves)).toEqual(await firings(wakeTimes, [total]));
      }),
      { numRuns: 50 },
    );
  });
});

async function firings(wakeTimes: readonly number[], moves: readonly number[]): Promise<[number, number][]> {
  const clock = createVirtualClock();
  const fired: [number, number][] = [];
  wakeTimes.forEach((at, index) => clock.wakeAt(at, () => fired.push([index, clock.monotonicMs()])));
  for (const ms of moves) await clock.advance(ms);
  return fired;
}
