import type { Unsubscribe } from "@demls/wire/core";
import { Observable, Subject } from "rxjs";
import { createDeferred } from "./deferred.js";
import type { Effect } from "../model/effect.js";
import type { ConversationEvent, NumberedEvent } from "../model/event.js";
import { LIMITS } from "../model/limits.js";

/** Receives events one at a time. An event is acknowledged when the returned promise resolves. */
export type EventHandler = (event: ConversationEvent) => void | Promise<void>;

/**
 * Delivers events to observers and handlers, and buffers undelivered ones.
 *
 * Before the first handler, an event is delivered to the current observers. Without observers it is buffered, if events
 * are stored, and the first observer receives the buffered events first. From the first handler on, only handlers
 * acknowledge events: each when the handler's promise resolves, and the next event is delivered after that.
 */
export class EventFeed {
  /** Hot; see {@link EventFeed}. */
  readonly events$: Observable<ConversationEvent>;
  /** Resolves when the feed is complete and its buffer is empty. */
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
  /** Wakes the handler loop that waits for the next event. */
  #wake: () => void = () => undefined;

  /**
   * @param waiting - Undelivered events of an earlier process.
   * @param acknowledge - Called with each delivered event; absent if events are not stored.
   */
  constructor(waiting: readonly NumberedEvent[] = [], acknowledge?: (serial: number) => void) {
    this.#waiting = [...waiting];
    this.#waitingBytes = waiting.reduce((sum, { event }) => sum + eventBytes(event), 0);
    this.#keeps = acknowledge !== undefined;
    this.#acknowledge = acknowledge ?? (() => undefined);
    this.drained = this.#drained.promise;
    this.events$ = new Observable((observer) => {
      // One by one: an observer may unsubscribe after the first.
      while (!this.#isHandled && !observer.closed) {
        const [next] = this.#waiting;
        if (next === undefined) break;
        observer.next(next.event);
        this.#take(next);
      }
      return this.#subject.subscribe(observer);
    });
  }

  /** Delivers or buffers an event. */
  push(numbered: NumberedEvent): void {
    const isObserved = this.#subject.observed;
    const waits = this.#isHandled || (this.#keeps && !isObserved);
    if (waits) this.#keep(numbered);
    this.#subject.next(numbered.event);
    if (this.#handler !== undefined) this.#wake();
    else if (!waits && isObserved) this.#acknowledge(numbered.serial);
  }

  /** Delivers an event that no step emitted; it is never acknowledged. */
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

  /** Completes the feed. Buffered events can still be received. */
  complete(): void {
    this.#isComplete = true;
    this.#subject.complete();
    this.#wake();
    this.#noteDrained();
  }

  /** Stops all delivery, of buffered events too. */
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
    // The former handler may wait for the next event, which it must not receive.
    this.#wake();
  }

  /** Delivers buffered events to one handler, while it is the current one. */
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
        // The handler may have failed to store the event, so the next handler receives it again.
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

/** Numbers the events of steps, from the one after `last`. */
export function createEventNumbering(last: number): (effects: readonly Effect[]) => readonly NumberedEvent[] {
  let serial = last;
  return (effects) =>
    effects.flatMap((effect) => (effect.kind === "event" ? [{ serial: ++serial, event: effect.event }] : []));
}

/** Bytes of an event's chat message; other fields are small. */
export function eventBytes(event: ConversationEvent): number {
  return event.kind === "message" ? event.content.length : 0;
}
