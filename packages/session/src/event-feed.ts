import type { Unsubscribe } from "@demls/wire/core";
import { Observable, Subject } from "rxjs";
import type { ConversationEvent } from "./event.js";
import { LIMITS } from "./state.js";

/** An event, and the number by which it is acknowledged. */
export interface NumberedEvent {
  readonly serial: number;
  readonly event: ConversationEvent;
}

/** Takes events one at a time; an event is acknowledged when what it returns has resolved. */
export type EventHandler = (event: ConversationEvent) => void | Promise<void>;

/**
 * Hands events to whoever looks, and keeps account of those that nobody has taken.
 *
 * With a handler an event is taken once the handler is done with it, and until then no other is handed to it.
 * Without one it is taken by the observers that there are; where there are none it waits, if events are kept
 * at all, and the first observer begins with those that wait.
 */
export class EventFeed {
  /** Hot; see {@link EventFeed}. */
  readonly events$: Observable<ConversationEvent>;

  readonly #subject = new Subject<ConversationEvent>();
  readonly #keeps: boolean;
  readonly #acknowledge: (serial: number) => void;
  #waiting: NumberedEvent[];
  #handler: EventHandler | undefined;
  #handling = false;

  /**
   * @param waiting - events of before that nobody has taken.
   * @param acknowledge - is told of every event that has been taken; absent where events are not kept.
   */
  constructor(waiting: readonly NumberedEvent[] = [], acknowledge?: (serial: number) => void) {
    this.#waiting = [...waiting];
    this.#keeps = acknowledge !== undefined;
    this.#acknowledge = acknowledge ?? (() => undefined);
    this.events$ = new Observable((observer) => {
      if (this.#handler === undefined)
        for (const { serial, event } of this.#waiting.splice(0)) {
          observer.next(event);
          this.#acknowledge(serial);
        }
      return this.#subject.subscribe(observer);
    });
  }

  /** Hands an event on. */
  push(numbered: NumberedEvent): void {
    const { serial, event } = numbered;
    const isObserved = this.#subject.observed;
    if (this.#handler !== undefined || (this.#keeps && !isObserved)) this.#keep(numbered);
    this.#subject.next(event);
    if (this.#handler !== undefined) void this.#handleWaiting();
    else if (isObserved) this.#acknowledge(serial);
  }

  /** Hands on what is no event of a step, and is nobody's to acknowledge. */
  tell(event: ConversationEvent): void {
    this.#subject.next(event);
  }

  /** See `Conversation.handleEvents`. */
  handle(handler: EventHandler): Unsubscribe {
    this.#handler = handler;
    void this.#handleWaiting();
    return () => {
      if (this.#handler === handler) this.#handler = undefined;
    };
  }

  complete(): void {
    this.#handler = undefined;
    this.#subject.complete();
  }

  #keep(numbered: NumberedEvent): void {
    this.#waiting.push(numbered);
    const excess = this.#waiting.length - LIMITS.unacknowledgedEvents;
    for (const { serial } of this.#waiting.splice(0, Math.max(0, excess))) this.#acknowledge(serial);
  }

  async #handleWaiting(): Promise<void> {
    if (this.#handling) return;
    this.#handling = true;
    for (;;) {
      const [next] = this.#waiting;
      const handler = this.#handler;
      if (next === undefined || handler === undefined) break;
      try {
        await handler(next.event);
      } catch {
        // It may have been about to store the event, so the event stays the next for whoever comes after.
        if (this.#handler === handler) this.#stop();
        continue;
      }
      if (this.#waiting[0] === next) this.#waiting.shift();
      this.#acknowledge(next.serial);
    }
    this.#handling = false;
  }

  #stop(): void {
    this.#handler = undefined;
    const message = "The event handler failed; it is handed no more events.";
    this.tell({ kind: "error", operation: "handle-events", message });
  }
}
