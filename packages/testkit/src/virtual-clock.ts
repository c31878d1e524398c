import { DemlsError, type CancelTimer, type Clock } from "@demls/wire/core";

/** 2023-11-14T22:13:20Z: a wall time that reads as one and is the same in every run. */
const DEFAULT_WALL_MS = 1_700_000_000_000;

/** Settings of {@link createVirtualClock}. */
export interface VirtualClockOptions {
  /**
   * The wall clock's start, in milliseconds since the Unix epoch.
   *
   * @defaultValue `1_700_000_000_000`
   */
  readonly wallMs?: number;
  /**
   * Resolves when what a wake-up set off has come to rest. Awaited before time moves and after every
   * wake-up.
   *
   * The default waits for one turn of the event loop, which runs every promise that is ready. Work
   * that leaves the thread (WebCrypto, files, sockets) takes longer: pass a function that awaits it.
   */
  readonly settle?: () => Promise<void>;
}

/** A {@link Clock} that stands still until it is told to move. It starts at `monotonicMs()` 0. */
export interface VirtualClock extends Clock {
  /**
   * Moves both clocks on by `ms`, calling every wake-up that becomes due: in order of time, those of
   * one instant in the order they were asked for, each at its own instant. Wake-ups asked for on the
   * way are called as well when they fall due. `advance(0)` calls what is due now.
   *
   * A call made while another is under way starts when that has ended.
   *
   * @throws DemlsError `invalid-duration` where `ms` is negative or not a finite number.
   * @throws whatever a wake-up throws; time then stands at that wake-up, and the later ones remain.
   */
  advance(ms: number): Promise<void>;
  /**
   * Moves from wake-up to wake-up until `condition` holds, for at most `limitMs`.
   *
   * @returns whether it holds. If so, time stands at the wake-up after which it first did;
   * if not, `limitMs` have passed.
   * @throws as {@link VirtualClock.advance} does.
   */
  advanceUntil(condition: () => boolean, limitMs: number): Promise<boolean>;
  /** Sets the wall clock forward or (negative) back by `ms`, as a user or NTP would. Wake-ups do not notice. */
  jumpWall(ms: number): void;
  /** When the next wake-up is due, in `monotonicMs()`; `undefined` where none waits. */
  nextWakeMs(): number | undefined;
}

interface WakeUp {
  readonly atMs: number;
  readonly callback: () => void;
}

/**
 * A clock for tests, which never waits for real time.
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
  /** In the order in which they will be called. */
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

/** Every promise that is ready runs before the next task does. A message is a task that needs no timer. */
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
    message: `${ms} ms is not a time that can pass.`,
    field,
    remedy: "Pass milliseconds, zero or more; to set the wall clock back, use jumpWall.",
  });
}
