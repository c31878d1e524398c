import type { ConversationDriver } from "../runtime/driver.js";
import { conversationEnded } from "../runtime/conversation-errors.js";
import { isActive } from "../model/state.js";
import { createDeferred } from "../runtime/deferred.js";

/**
 * Resolves once this member has joined. Rejects with `conversation-ended` if the conversation ends first. Never causes
 * an unhandled rejection.
 */
export function trackJoin(driver: ConversationDriver): Promise<void> {
  const { promise, resolve, reject } = createDeferred<void>();
  if (isActive(driver.state)) {
    resolve();
    return promise;
  }
  const subscription = driver.events.subscribe({
    next(event) {
      if (event.kind === "joined") resolve();
      else if (event.kind === "leaving") reject(conversationEnded(event.reason));
      else return;
      subscription.unsubscribe();
    },
    complete: () => reject(conversationEnded(undefined)),
  });
  return promise;
}
