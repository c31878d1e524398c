import { createVirtualClock, type VirtualClock } from "@demls/testkit";

/** A virtual clock that waits for work outside of the thread, such as cryptography. */
export interface WorkClock extends VirtualClock {
  /** The same function, whose promises the clock waits for. */
  waitingFor<A extends readonly unknown[], T>(
    work: (...args: A) => T | Promise<T>,
  ): (...args: A) => Promise<T>;
}

/** @param startSeconds - wall clock at its start, in seconds since the Unix epoch. */
export function createWorkClock(startSeconds: number): WorkClock {
  const running = new Set<Promise<unknown>>();

  async function settle(): Promise<void> {
    do {
      await Promise.allSettled(running);
      await new Promise((resolve) => setImmediate(resolve));
    } while (running.size > 0);
  }

  return {
    ...createVirtualClock({ wallMs: startSeconds * 1_000, settle }),
    waitingFor:
      (work) =>
      (...args) => {
        const result = (async () => work(...args))();
        running.add(result);
        const done = (): void => void running.delete(result);
        result.then(done, done);
        return result;
      },
  };
}
