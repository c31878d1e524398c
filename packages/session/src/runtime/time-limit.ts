import type { Clock } from "@demls/wire/core";
import { onAbort } from "../model/on-abort.js";

/** Resolves with `work`, after `limitMs`, or once `signal` is aborted, which keeps nothing of it then. */
export function withinTime(
  work: Promise<unknown> | undefined,
  clock: Clock,
  limitMs: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      stopListening?.();
      resolve();
    };
    const cancel = clock.wakeAt(clock.monotonicMs() + limitMs, end);
    const stopListening = signal && onAbort(signal, end);
    work?.then(end, end);
    if (signal?.aborted === true) end();
  });
}
