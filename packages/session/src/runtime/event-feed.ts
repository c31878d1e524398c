import type { Unsubscribe } from "@demls/wire/core";
import { Observable, Subject } from "rxjs";
import { createDeferred } from "./deferred.js";
import type { ConversationEvent, NumberedEvent } from "../model/event.js";
import { LIMITS } from "../model/limits.js";

/** Takes events one at a time; an event is acknowledged when what it returns has resolved. */
export type EventHandler = (event: ConversationEvent) => void | Promise<void>;

/**
 * Hands events to whoever looks, and keeps account of those that nobody has taken.
 *
 * Until there is a handler an event is taken by the observers that there are; where there are none it waits, if
 * events are kept at all, and the first observer begins with those that wait. From the first handler on, only
 * handlers take events: one is taken once the handler is done with it, and until then no other is handed to it.
 */
export class EventFeed {
  /** Hot; see {@link EventFeed}. */
  readonly events$: Observable<ConversationEvent>;
  /** Resolves once the feed is complete and no event waits. */
  readonly drained: Promise<void>;

  readonly #subject = new Subject<ConversationEvent>();
  readonly #keeps: boolean;
  readonly #acknowledge: (serial: number) => void;
  readonly #drained = createDeferred<void>();
  #waiting: NumberedEvent[];
  #waitingBytes: number;
  #handler: EventHandler | undefined;
  #isHandled = false;
  #isComplete = false;
  /** Ends the handler's waiting for the next event. */
  #wake: () => void = () => undefined;

  /**
   * @param waiting - events of before that nobody has taken.
   * @param acknowledge - is told of every event that has been taken; absent where events are not kept.
   */
  constructor(waiting: readonly NumberedEvent[] = [], acknowledge?: (serial: number) => void) {
    this.#waiting = [...waiting];
    this.#waitingBytes = waiting.reduce((sum, { event }) => sum + eventBytes(event), 0);
    this.#keeps = acknowledge !== undefined;
    this.#acknowledge = acknowledge ?? (() => undefined);
    this.drained = this.#drained.promise;
    this.events$ = new Observable((observer) => {
      // One by one: an observer may have seen enough after the first.
      while (!this.#isHandled && !observer.closed) {
        const [next] = this.#waiting;
        if (next === undefined) break;
        observer.next(next.event);
        this.#take(next);
      }
      return this.#subject.subscribe(observer);
    });
  }

  /** Hands an event on. */
  push(numbered: NumberedEvent): void {
    const isObserved = this.#subject.observed;
    const waits = this.#isHandled || (this.#keeps && !isObserved);
    if (waits) this.#keep(numbered);
    this.#subject.next(numbered.event);
    if (this.#handler !== undefined) this.#wake();
    else if (!waits && isObserved) this.#acknowledge(numbered.serial);
  }

  /** Hands on what is no event of a step, and is nobody's to acknowledge. */
  tell(event: ConversationEvent): void {
    this.#subject.next(event);
  }

  /** See `Conversation.handleEvents`. */
  handle(handler: EventHandler): Unsubscribe {
    this.#isHandled = true;
    this.#replaceHandler(handler);
    void this.#handOver(handler);
    return () => {
      if (this.#handler === handler) this.#replaceHandler(undefined);
    };
  }

  /** There are no further events. Those that wait are still there for who takes them. */
  complete(): void {
    this.#isComplete = true;
    this.#subject.complete();
    this.#wake();
    this.#noteDrained();
  }

  /** Hands nothing on any more, whatever waits. */
  close(): void {
    this.#replaceHandler(undefined);
    this.complete();
  }

  #keep(numbered: NumberedEvent): void {
    this.#waiting.push(numbered);
    this.#waitingBytes += eventBytes(numbered.event);
    while (
      this.#waiting.length > LIMITS.unacknowledgedEvents ||
      this.#waitingBytes > LIMITS.unacknowledgedEventBytes
    ) {
      const [oldest] = this.#waiting;
      if (oldest === undefined) return;
      this.#take(oldest);
    }
  }

  #take(numbered: NumberedEvent): void {
    const at = this.#waiting.indexOf(numbered);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#waitingBytes -= eventBytes(numbered.event);
    this.#acknowledge(numbered.serial);
    this.#noteDrained();
  }

  #noteDrained(): void {
    if (this.#isComplete && this.#waiting.length === 0) this.#drained.resolve();
  }

  #replaceHandler(handler: EventHandler | undefined): void {
    this.#handler = handler;
    // The one before may be waiting for the next event, which is not for it.
    this.#wake();
  }

  /** Hands what waits to one handler, as long as it is the one. */
  async #handOver(handler: EventHandler): Promise<void> {
    while (this.#handler === handler) {
      const [next] = this.#waiting;
      if (next === undefined) {
        if (this.#isComplete) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      try {
        await handler(next.event);
      } catch {
        // It may have been about to store the event, so the event stays the next for whoever comes after.
        if (this.#handler === handler) this.#stop();
        return;
      }
      this.#take(next);
    }
  }

  #stop(): void {
    this.#handler = undefined;
    const message = "The event handler failed; it is handed no more events.";
    this.tell({ kind: "error", code: "event-handler-failed", operation: "handleEvents", message });
  }
}

/** Bytes of an event's chat; the rest weighs little. */
export function eventBytes(event: ConversationEvent): number {
  return event.kind === "message" ? event.content.length : 0;
}
