import type { Clock } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";

/** Clock under test, with controls over its time. */
export interface ClockUnderTest {
  readonly clock: Clock;
  /**
   * Advances time and calls due wake-ups: `advance` of a virtual clock, or the test runner's fake timers for a
   * platform's clock.
   */
  advance(ms: number): unknown;
  /**
   * Moves the wall clock forward or (negative) back by `ms`. Without it, the cases about a moved wall clock check
   * nothing.
   */
  jumpWall?(ms: number): unknown;
}

/** Creates a clock under test. Each call returns another one, without pending wake-ups. */
export type CreateClock = () => ClockUnderTest | Promise<ClockUnderTest>;

/** Longer than one timer of the platform (2^31 - 1 ms). */
const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Contract of a `Clock`: a wake-up is called once, in time and never early; a cancelled one is not; monotonic and wall
 * clock are independent. No case waits for real time.
 *
 * @param create creates a clock under test
 *
 * @example
 * ```ts
 * const create = () => {
 *  const clock = createVirtualClock();
 *  return { clock, advance: clock.advance, jumpWall: clock.jumpWall };
 * };
 * for (const { name, run } of clockContract(create)) test(name, run);
 * ```
 */
export function clockContract(create: CreateClock): readonly ContractCase[] {
  return [...readingCases(create), ...wakeUpCases(create), ...cancellingCases(create)];
}

function readingCases(create: CreateClock): ContractCase[] {
  return [
    {
      name: "advances both clocks by the time that passes",
      async run() {
        const { clock, advance } = await create();
        const [startMs, wallMs] = [clock.monotonicMs(), clock.wallMs()];
        for (const ms of [1, 999, 60_000]) await advance(ms);
        expectEqual(
          Math.round(clock.monotonicMs() - startMs),
          61_000,
          "The time passed on the monotonic clock",
        );
        expectEqual(Math.round(clock.wallMs() - wallMs), 61_000, "The time passed on the wall clock");
        if (!(clock.wallMs() >= 0 && Number.isFinite(clock.wallMs())))
          throw broken("The wall clock returns no valid time.");
      },
    },
    {
      name: "keeps monotonic time and wake-ups when the wall clock is set",
      async run() {
        const { clock, advance, jumpWall } = await create();
        if (jumpWall === undefined) return;
        const [startMs, wallMs] = [clock.monotonicMs(), clock.wallMs()];
        let calls = 0;
        clock.wakeAt(startMs + 1_000, () => (calls += 1));
        await jumpWall(3_600_000);
        await advance(500);
        expectEqual(
          [calls, Math.round(clock.monotonicMs() - startMs)],
          [0, 500],
          "The calls and the time after setting forward",
        );
        await jumpWall(-7_200_000);
        await advance(500);
        expectEqual(
          [calls, Math.round(clock.monotonicMs() - startMs)],
          [1, 1_000],
          "The calls and the time after setting back",
        );
        expectEqual(Math.round(clock.wallMs() - wallMs), 1_000 - 3_600_000, "The change of the wall clock");
      },
    },
  ];
}

function wakeUpCases(create: CreateClock): ContractCase[] {
  return [
    {
      name: "calls a wake-up once, at its time and not before",
      async run() {
        const { clock, advance } = await create();
        let calls = 0;
        clock.wakeAt(clock.monotonicMs() + 1_000, () => (calls += 1));
        await advance(999);
        expectEqual(calls, 0, "The calls a millisecond before");
        await advance(1);
        expectEqual(calls, 1, "The calls at its time");
        await advance(10_000);
        expectEqual(calls, 1, "The calls later");
      },
    },
    {
      name: "never calls a wake-up before its time",
      async run() {
        const { clock, advance } = await create();
        const early: number[] = [];
        for (let i = 0; i < 50; i++) {
          const atMs = clock.monotonicMs() + i * 1.37;
          clock.wakeAt(atMs, () => {
            if (clock.monotonicMs() < atMs) early.push(atMs);
          });
        }
        await advance(100);
        expectEqual(early, [], "The early wake-ups");
      },
    },
    {
      name: "calls wake-ups in order of time, in any order of requests",
      async run() {
        const { clock, advance } = await create();
        const startMs = clock.monotonicMs();
        const calls: number[] = [];
        for (const ms of [50, 10, 40, 20, 30]) clock.wakeAt(startMs + ms, () => calls.push(ms));
        await advance(50);
        expectEqual(calls, [10, 20, 30, 40, 50], "The calls");
      },
    },
    {
      name: "calls a wake-up for a past time as soon as time passes, never synchronously",
      async run() {
        const { clock, advance } = await create();
        await advance(100);
        let calls = 0;
        for (const ms of [-100, -1, 0]) clock.wakeAt(clock.monotonicMs() + ms, () => (calls += 1));
        expectEqual(calls, 0, "The synchronous calls");
        await advance(1);
        expectEqual(calls, 3, "The calls a millisecond later");
      },
    },
    {
      name: "accepts a wake-up requested within another",
      async run() {
        const { clock, advance } = await create();
        let calls = 0;
        const again = (): void => {
          calls += 1;
          // Bounded: on a clock that stands still, each wake-up would be due at once.
          if (calls < 10) clock.wakeAt(clock.monotonicMs() + 10, again);
        };
        again();
        for (let i = 0; i < 30; i++) await advance(1);
        expectEqual(calls, 4, "The calls in three rounds");
      },
    },
    {
      name: "calls a wake-up a month ahead",
      async run() {
        const { clock, advance } = await create();
        let calls = 0;
        clock.wakeAt(clock.monotonicMs() + MONTH_MS, () => (calls += 1));
        await advance(MONTH_MS - 1);
        expectEqual(calls, 0, "The calls a millisecond before");
        await advance(1);
        expectEqual(calls, 1, "The calls at its time");
      },
    },
  ];
}

function cancellingCases(create: CreateClock): ContractCase[] {
  return [
    {
      name: "cancels one wake-up, and no other of the same time",
      async run() {
        const { clock, advance } = await create();
        const calls: string[] = [];
        const atMs = clock.monotonicMs() + 10;
        const callback = (): unknown => calls.push("kept");
        const cancel = clock.wakeAt(atMs, callback);
        clock.wakeAt(atMs, callback);
        cancel();
        cancel();
        await advance(10);
        expectEqual(calls, ["kept"], "The calls");
      },
    },
    {
      name: "ignores a late cancellation, even within the wake-up",
      async run() {
        const { clock, advance } = await create();
        let calls = 0;
        const atMs = clock.monotonicMs() + 10;
        const cancel = clock.wakeAt(atMs, () => {
          calls += 1;
          cancel();
        });
        await advance(10);
        clock.wakeAt(atMs + 10, () => (calls += 1));
        cancel();
        await advance(10);
        expectEqual(calls, 2, "The calls");
      },
    },
  ];
}
