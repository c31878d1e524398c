import { BehaviorSubject, type Observable } from "rxjs";
import type { ConnectionState } from "./connection-state.js";

/**
 * The states of a connection, as they change. Changes that come together, as a peer's four hundred subscriptions in one
 * packet do, are one; and what is as before is not told again.
 */
export class ConnectionFeed {
  /** The state now, and each one after it. Completes with {@link ConnectionFeed.close}. */
  readonly states$: Observable<ConnectionState>;
  readonly #look: () => ConnectionState;
  readonly #states: BehaviorSubject<ConnectionState>;
  #told: string;
  #isNoted = false;
  #isClosed = false;

  constructor(look: () => ConnectionState) {
    const state = look();
    this.#look = look;
    this.#told = JSON.stringify(state);
    this.#states = new BehaviorSubject(state);
    this.states$ = this.#states.asObservable();
  }

  /** Something may have changed. */
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
    const spelled = JSON.stringify(state);
    if (spelled === this.#told) return;
    this.#told = spelled;
    this.#states.next(state);
  }
}
