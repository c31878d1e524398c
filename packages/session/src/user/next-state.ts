import { filter, map, Observable } from "rxjs";
import type { ConversationDriver } from "../runtime/driver.js";
import { firstOf } from "./first-of.js";
import type { ConversationSnapshot } from "../view/snapshot.js";

/** Options of `Conversation.nextState`. */
export interface NextStateOptions {
  /** Stops waiting: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Implements `Conversation.nextState`. */
export function nextState(
  driver: Pick<ConversationDriver, "snapshot" | "state" | "states">,
  where: (state: ConversationSnapshot) => boolean,
  { signal }: NextStateOptions = {},
): Promise<ConversationSnapshot> {
  const states = new Observable<ConversationSnapshot>((subscriber) => {
    // The subject of an ended conversation no longer emits.
    const now = driver.snapshot;
    subscriber.next(now);
    const later = driver.states.pipe(
      map(() => driver.snapshot),
      filter((state) => state !== now),
    );
    subscriber.add(later.subscribe(subscriber));
  });
  return firstOf(states.pipe(filter(where)), driver, signal);
}
