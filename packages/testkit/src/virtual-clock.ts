import { DemlsError, type CancelTimer, type Clock } from "@demls/wire/core";

/** 2023-11-14T22:13:20Z: a recognisable wall time, the same in every run. */
const DEFAULT_WALL_MS = 1_700_000_000_000;

/** Settings of {@link createVirtualClock}. */
export interface VirtualClockOptions {
  /**
   * Initial wall clock, in milliseconds since the Unix epoch.
   *
   * @defaultValue `1_700_000_000_000`
   */
  readonly wallMs?: number;
  /**
   * Resolves when the work started by a wake-up is done. Awaited before time advances and after every wake-up.
   *
   * The default waits for one turn of the event loop, which runs all ready promises. Work outside the thread
   * (WebCrypto, files, sockets) takes longer: pass a function that awaits it.
   */
  readonly settle?: () => Promise<void>;
}

/** {@link Clock} that advances only on request. It starts at `monotonicMs()` 0. */
export interface VirtualClock extends Clock {
  /**
   * Advances both clocks by `ms` and calls every due wake-up at its own time. Wake-ups are called in order of time; for
   * equal times, in order of request. Wake-ups requested meanwhile are called too when due. `advance(0)` calls wake-ups
   * that are due now.
   *
   * A call made while another is pending starts when that one ends.
   *
   * @throws DemlsError `invalid-duration` when `ms` is negative or not a finite number.
   * @throws the error of a wake-up. Time then stops at that wake-up, and later ones stay pending.
   */
  advance(ms: number): Promise<void>;
  /**
   * Advances from wake-up to wake-up until `condition` holds, for at most `limitMs`.
   *
   * @returns whether it holds. If so, time stops at the wake-up after which it first held; otherwise `limitMs` have
   * passed.
   * @throws as {@link VirtualClock.advance} does.
   */
  advanceUntil(condition: () => boolean, limitMs: number): Promise<boolean>;
  /** Moves the wall clock forward or (negative) back by `ms`, as a user or NTP would. Wake-ups are not affected. */
  jumpWall(ms: number): void;
  /** Time of the next wake-up in `monotonicMs()`; `undefined` if none is pending. */
  nextWakeMs(): number | undefined;
}

interface WakeUp {
  readonly atMs: number;
  readonly callback: () => void;
}

/**
 * Clock for tests, without real time.
 *
 * @example
 * ```ts
 * const clock = createVirtualClock();
 * clock.wakeAt(60_000, () => console.log("a minute later"));
 * await clock.advance(60_000);
 * ```
 */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { wallMs = DEFAULT_WALL_MS, settle = turnOfEventLoop } = options;
  /** Pending wake-ups, in calling order. */
  const waiting: WakeUp[] = [];
  let nowMs = 0;
  let wallOffsetMs = wallMs;
  let lastMove: Promise<unknown> = Promise.resolve();

  function wakeAt(atMs: number, callback: () => void): CancelTimer {
    const wakeUp: WakeUp = { atMs, callback };
    waiting.splice(waiting.findLastIndex((other) => other.atMs <= atMs) + 1, 0, wakeUp);
    return () => {
      const index = waiting.indexOf(wakeUp);
      if (index >= 0) waiting.splice(index, 1);
    };
  }

  async function move(ms: number, until: () => boolean): Promise<boolean> {
    const endMs = nowMs + ms;
    await settle();
    while (!until()) {
      const due = waiting[0];
      if (due === undefined || due.atMs > endMs) {
        nowMs = endMs;
        return false;
      }
      waiting.shift();
      nowMs = Math.max(nowMs, due.atMs);
      due.callback();
      await settle();
    }
    return true;
  }

  function moveInTurn(ms: number, until: () => boolean): Promise<boolean> {
    const turn = lastMove.then(() => move(ms, until));
    lastMove = turn.catch(() => undefined);
    return turn;
  }

  return {
    monotonicMs: () => nowMs,
    wallMs: () => wallOffsetMs + nowMs,
    wakeAt,
    async advance(ms) {
      requireDuration(ms, "ms");
      await moveInTurn(ms, () => false);
    },
    async advanceUntil(condition, limitMs) {
      requireDuration(limitMs, "limitMs");
      return moveInTurn(limitMs, condition);
    },
    jumpWall(ms) {
      wallOffsetMs += ms;
    },
    nextWakeMs: () => waiting[0]?.atMs,
  };
}

/** Resolves in the next task, after all ready promises have run. A message is a task that needs no timer. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

function requireDuration(ms: number, field: string): void {
  if (Number.isFinite(ms) && ms >= 0) return;
  throw new DemlsError("invalid-duration", {
    message: `The clock cannot advance by ${ms} ms.`,
    field,
    remedy: "Pass milliseconds, zero or more. To set the wall clock back, use jumpWall.",
  });
}
