import { firstValueFrom, Observable, throwIfEmpty, type MonoTypeOperatorFunction } from "rxjs";
import { endReasonOf } from "../model/state.js";
import type { ConversationDriver } from "../runtime/driver.js";
import { onAbort } from "../model/on-abort.js";
import { conversationEnded } from "../runtime/conversation-errors.js";

/**
 * Resolves to the first emitted value. Rejects with `conversation-ended` if the conversation ends first, and with the
 * signal's reason if it is aborted first.
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
  // Avoids an unhandled rejection.
  found.catch(() => undefined);
  return found;
}

/**
 * Errors with the signal's reason once it is aborted. Written by hand, because `takeUntil` and `fromEvent` of RxJS
 * would add a third to its share of the bundle.
 */
function untilAborted<T>(signal: AbortSignal | undefined): MonoTypeOperatorFunction<T> {
  if (signal === undefined) return (source) => source;
  return (source) =>
    new Observable((subscriber) => {
      const abort = (): void => subscriber.error(signal.reason);
      if (signal.aborted) return abort();
      subscriber.add(onAbort(signal, abort));
      subscriber.add(source.subscribe(subscriber));
    });
}
