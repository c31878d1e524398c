import { Subscription, type Observable } from "rxjs";
import type { ConversationEvent } from "../model/event.js";
import { LIMITS } from "../model/limits.js";
import { eventsOverrun } from "../runtime/conversation-errors.js";
import { onAbort } from "../model/on-abort.js";
import { eventBytes } from "../runtime/event-feed.js";

/** Options of an event iteration. */
export interface EventsOptions {
  /** Aborts the iteration: the next call rejects with the signal's reason, and buffered events are dropped. */
  readonly signal?: AbortSignal;
}

type Result = IteratorResult<ConversationEvent, undefined>;

/** End of an iteration, with an error if it failed. */
interface End {
  readonly error?: unknown;
}

interface Asking {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const DONE: Result = { done: true, value: undefined };

/**
 * Iterator that buffers events until they are requested. An event beyond the bound ends it with `events-overrun` after
 * the buffered events.
 */
export class EventIterator implements AsyncIterableIterator<ConversationEvent, undefined> {
  readonly #waiting: ConversationEvent[] = [];
  #waitingBytes = 0;
  readonly #asking: Asking[] = [];
  readonly #subscription = new Subscription();
  readonly #signal: AbortSignal | undefined;
  #stopListening: (() => void) | undefined;
  /** Set once no further events are buffered. */
  #end: End | undefined;

  constructor(events: Observable<ConversationEvent>, { signal }: EventsOptions = {}) {
    this.#signal = signal;
    // Subscribing would remove kept events from storage, so an aborted iteration does not subscribe.
    if (signal?.aborted === true) {
      this.#abort();
      return;
    }
    if (signal !== undefined) this.#stopListening = onAbort(signal, this.#abort);
    this.#subscription.add(
      events.subscribe({ next: (event) => this.#take(event), complete: () => this.#finish({}) }),
    );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Result> {
    const value = this.#waiting.shift();
    if (value !== undefined) {
      this.#waitingBytes -= eventBytes(value);
      return { done: false, value };
    }
    if (this.#end !== undefined) return this.#tellEnd(this.#end);
    return new Promise<Result>((resolve, reject) => this.#asking.push({ resolve, reject }));
  }

  /** Called by `break` and `return` in a `for await`. */
  async return(): Promise<Result> {
    this.#waiting.length = 0;
    this.#finish({});
    return this.#tellEnd({});
  }

  #take(event: ConversationEvent): void {
    const asking = this.#asking.shift();
    if (asking !== undefined) {
      asking.resolve({ done: false, value: event });
      return;
    }
    this.#waitingBytes += eventBytes(event);
    if (this.#waiting.length >= LIMITS.iteratedEvents || this.#waitingBytes > LIMITS.iteratedEventBytes)
      this.#finish({ error: eventsOverrun() });
    else this.#waiting.push(event);
  }

  readonly #abort = (): void => {
    this.#waiting.length = 0;
    this.#finish({ error: this.#signal?.reason });
  };

  /** Stops buffering. An abort still applies while events are buffered. */
  #finish(end: End): void {
    this.#end = end;
    this.#subscription.unsubscribe();
    for (const asking of this.#asking.splice(0)) this.#tellEnd(this.#end).then(asking.resolve, asking.reject);
  }

  /** Throws the error once; afterwards the iteration is done. */
  async #tellEnd(end: End): Promise<Result> {
    this.#stopListening?.();
    this.#end = {};
    if ("error" in end) throw end.error;
    return DONE;
  }
}
