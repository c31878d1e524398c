import { firstValueFrom, Observable, throwIfEmpty, type MonoTypeOperatorFunction } from "rxjs";
import { endReasonOf } from "../model/state.js";
import type { ConversationDriver } from "../runtime/driver.js";
import { conversationEnded } from "../runtime/conversation-errors.js";

/**
 * The first of some values of a conversation. Rejects with `conversation-ended` where they end without one, and with the
 * signal's reason where that comes first.
 */
export function firstOf<T>(
  values: Observable<T>,
  driver: Pick<ConversationDriver, "state">,
  signal: AbortSignal | undefined,
): Promise<T> {
  const wanted = values.pipe(
    untilAborted(signal),
    throwIfEmpty(() => conversationEnded(endReasonOf(driver.state))),
  );
  const found = firstValueFrom(wanted);
  // As everywhere: a rejection that is not awaited troubles nobody.
  found.catch(() => undefined);
  return found;
}

/**
 * Fails with the signal's reason once it is aborted. Written out, since RxJS's `takeUntil` or `merge` with `fromEvent`
 * would be a third of what is used of it.
 */
function untilAborted<T>(signal: AbortSignal | undefined): MonoTypeOperatorFunction<T> {
  if (signal === undefined) return (source) => source;
  return (source) =>
    new Observable((subscriber) => {
      const abort = (): void => subscriber.error(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort);
      subscriber.add(() => signal.removeEventListener("abort", abort));
      subscriber.add(source.subscribe(subscriber));
    });
}
