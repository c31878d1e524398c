import { Subscription, type Observable } from "rxjs";
import type { ConversationEvent } from "../model/event.js";
import { LIMITS } from "../model/limits.js";
import { eventsOverrun } from "../runtime/conversation-errors.js";
import { eventBytes } from "../runtime/event-feed.js";

/** When an iteration of events ends by the caller's wish. */
export interface EventsOptions {
  /** Ends it: the next event rejects with the signal's reason, and those that wait are dropped. */
  readonly signal?: AbortSignal;
}

type Result = IteratorResult<ConversationEvent, undefined>;

/** How an iteration ends: as the events do, or with an error. */
interface End {
  readonly error?: unknown;
}

interface Asking {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const DONE: Result = { done: true, value: undefined };

/**
 * Takes events as an observer does, and holds those that come faster than they are asked for. One beyond the bound ends
 * it with `events-overrun`, once those before it have been asked for.
 */
export class EventIterator implements AsyncIterableIterator<ConversationEvent, undefined> {
  readonly #waiting: ConversationEvent[] = [];
  #waitingBytes = 0;
  readonly #asking: Asking[] = [];
  readonly #subscription = new Subscription();
  readonly #signal: AbortSignal | undefined;
  /** There are no more events than those that wait. */
  #end: End | undefined;

  constructor(events: Observable<ConversationEvent>, { signal }: EventsOptions = {}) {
    this.#signal = signal;
    // Who subscribes takes events that were kept, so that nobody does in vain.
    if (signal?.aborted === true) {
      this.#abort();
      return;
    }
    signal?.addEventListener("abort", this.#abort);
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

  /** Takes no more. An abort still counts while events wait. */
  #finish(end: End): void {
    this.#end = end;
    this.#subscription.unsubscribe();
    for (const asking of this.#asking.splice(0)) this.#tellEnd(this.#end).then(asking.resolve, asking.reject);
  }

  /** An error is told once; after that it is over. */
  async #tellEnd(end: End): Promise<Result> {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#end = {};
    if ("error" in end) throw end.error;
    return DONE;
  }
}
