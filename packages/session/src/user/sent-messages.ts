import type { ConversationDriver } from "../runtime/driver.js";
import { conversationEnded, notPublished } from "../runtime/conversation-errors.js";
import { createDeferred, type Deferred } from "../runtime/deferred.js";
import { endReasonOf, isActive } from "../model/state.js";

/** A chat message that has been sealed. */
export interface SentMessage {
  /**
   * Resolves when the network has taken it. Rejects with `not-published` where the transport failed to take it
   * six times: after 8 seconds where it refuses at once, and up to 30 more for each try that it leaves
   * unanswered. Packets go out one by one, so those before this one take their time first. Rejects with
   * `conversation-ended` where that came before.
   */
  readonly published: Promise<void>;
}

/** Chat messages on their way: from being asked for to being sealed, and from there to being published. */
export interface SentMessages {
  /** Resolves when the message that `submit` asks for is sealed. @throws what `submit` throws. */
  send(submit: (ticket: number) => Promise<void>): Promise<SentMessage>;
}

/** Follows the messages that go out through a driver. */
export function trackSentMessages(driver: ConversationDriver): SentMessages {
  const sealing = new Map<number, Deferred<SentMessage>>();
  const publishing = new Map<number, Deferred<void>>();
  // Messages that were held before a restart keep their tickets.
  const queued = isActive(driver.state) ? driver.state.chat.queued : [];
  let lastTicket = Math.max(0, ...queued.map(({ ticket }) => ticket));

  driver.replies.subscribe({
    next(reply) {
      if (reply.kind === "leftOutbox") {
        const published = publishing.get(reply.sequence);
        publishing.delete(reply.sequence);
        if (reply.published) published?.resolve();
        else published?.reject(notPublished());
        return;
      }
      const sealed = sealing.get(reply.ticket);
      sealing.delete(reply.ticket);
      if (reply.kind === "unsent") {
        sealed?.reject(conversationEnded(endReasonOf(driver.state)));
        return;
      }
      const published = createDeferred<void>();
      publishing.set(reply.sequence, published);
      sealed?.resolve({ published: published.promise });
    },
    complete() {
      for (const waiting of [...sealing.values(), ...publishing.values()])
        waiting.reject(conversationEnded(endReasonOf(driver.state)));
    },
  });

  return {
    async send(submit) {
      const ticket = ++lastTicket;
      const sealed = createDeferred<SentMessage>();
      sealing.set(ticket, sealed);
      try {
        await submit(ticket);
      } catch (error) {
        sealing.delete(ticket);
        throw error;
      }
      return sealed.promise;
    },
  };
}
