import { filter, firstValueFrom, Observable, throwIfEmpty, type MonoTypeOperatorFunction } from "rxjs";
import type { ConversationDriver } from "./conversation-driver.js";
import { conversationEnded } from "./conversation-errors.js";
import type { ConversationEvent } from "./event.js";

/** The event of one kind. */
export type EventOfKind<Kind extends ConversationEvent["kind"]> = Extract<ConversationEvent, { kind: Kind }>;

/** Which event is waited for, and for how long. */
export interface NextEventOptions<Event extends ConversationEvent> {
  /** @defaultValue the first of its kind is wanted */
  readonly where?: (event: Event) => boolean;
  /** Ends the waiting: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** See `Conversation.nextEvent`. Looks at the events themselves: nothing that is kept for an observer is taken. */
export function nextEvent<Kind extends ConversationEvent["kind"]>(
  driver: Pick<ConversationDriver, "events" | "state">,
  kind: Kind,
  { where = () => true, signal }: NextEventOptions<EventOfKind<Kind>> = {},
): Promise<EventOfKind<Kind>> {
  const isWanted = (event: ConversationEvent): event is EventOfKind<Kind> =>
    event.kind === kind && where(event as EventOfKind<Kind>);
  const wanted = driver.events.pipe(
    untilAborted(signal),
    filter(isWanted),
    throwIfEmpty(() => conversationEnded(driver.state.endReason)),
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
