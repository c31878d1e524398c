import type { ConversationDriver } from "../runtime/driver.js";
import { conversationEnded, notPublished } from "../runtime/conversation-errors.js";
import { createDeferred, type Deferred } from "../runtime/deferred.js";
import { endReasonOf, isActive } from "../model/state.js";

/** Encrypted and queued chat message. */
export interface SentMessage {
  /** Id of the message, 16 random bytes in lower-case hex: the `id` of the other members' `message` events. */
  readonly id: string;
  /**
   * Resolves when the transport has accepted the message. Rejects with `not-published` after six failed attempts: after
   * about 8 seconds if the transport rejects at once, and up to 30 seconds more for each attempt that times out; a strict
   * conversation sends the message again later, until the event `delivered` or `notDelivered`. It waits while nobody is there to
   * take the message. Packets are published one at a time, in order, so earlier packets may delay this one. Rejects with
   * `conversation-ended` if the conversation ends first.
   */
  readonly published: Promise<void>;
}

/** Tracks chat messages from the command to encryption and publication. */
export interface SentMessages {
  /** Resolves when the message of `submit` is encrypted. @throws any error of `submit`. */
  send(submit: (ticket: number) => Promise<void>): Promise<SentMessage>;
}

/** Tracks the chat messages of a driver. */
export function trackSentMessages(driver: ConversationDriver): SentMessages {
  const sealing = new Map<number, Deferred<SentMessage>>();
  const publishing = new Map<number, Deferred<void>>();
  // Messages buffered before a restart keep their tickets.
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
      sealed?.resolve({ id: reply.id, published: published.promise });
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
