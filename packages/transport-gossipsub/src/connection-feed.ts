import { BehaviorSubject, type Observable } from "rxjs";
import type { ConnectionState, TopicState } from "./connection-state.js";

/**
 * Observable of connection states. It merges changes that arrive together, such as a peer's four hundred subscriptions
 * in one packet, and skips equal states.
 */
export class ConnectionFeed {
  /** The current state and each later one. Completes with {@link ConnectionFeed.close}. */
  readonly states$: Observable<ConnectionState>;
  readonly #look: () => ConnectionState;
  readonly #states: BehaviorSubject<ConnectionState>;
  #isNoted = false;
  #isClosed = false;

  constructor(look: () => ConnectionState) {
    this.#look = look;
    this.#states = new BehaviorSubject(look());
    this.states$ = this.#states.asObservable();
  }

  /** Schedules a look at the state, which may have changed. */
  note(): void {
    if (this.#isNoted || this.#isClosed) return;
    this.#isNoted = true;
    queueMicrotask(() => this.#tell());
  }

  close(): void {
    this.#isClosed = true;
    this.#states.complete();
  }

  #tell(): void {
    this.#isNoted = false;
    if (this.#isClosed) return;
    const state = this.#look();
    if (!isSame(state, this.#states.value)) this.#states.next(state);
  }
}

/**
 * Whether two states are equal. A state may have thousands of topics, and is compared up to thousands of times a
 * second.
 */
function isSame(a: ConnectionState, b: ConnectionState): boolean {
  return (
    a.waiting === b.waiting &&
    isSameList(a.peers, b.peers) &&
    isSameList(Object.values(a.dropped), Object.values(b.dropped)) &&
    isSameList(a.topics, b.topics, isSameTopic)
  );
}

function isSameTopic(a: TopicState, b: TopicState): boolean {
  if (a === b) return true;
  if (a.mesh !== b.mesh || a.subscribers !== b.subscribers || a.topic !== b.topic) return false;
  return isSameList(a.conversationIds, b.conversationIds);
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSameEntry = (x: T, y: T) => x === y): boolean {
  return a.length === b.length && a.every((entry, index) => isSameEntry(entry, b[index] as T));
}
