import type { Clock } from "demls";

/** Resolves when `work` settles, or after `limitMs`. */
export function withinTime(work: Promise<unknown>, clock: Clock, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.wakeAt(clock.monotonicMs() + limitMs, resolve);
    const end = (): void => {
      cancel();
      resolve();
    };
    work.then(end, end);
  });
}
