import type { Packet, Unsubscribe } from "@demls/wire/core";

/** Listener for packets of a conversation. */
export type PacketListener = (packet: Packet) => void;

/** Listeners of conversations, and the topics of these conversations. */
export class Subscriptions {
  readonly #topicOf: (conversationId: string) => string;
  readonly #listeners = new Map<string, Set<{ readonly listener: PacketListener }>>();
  /** Cached, because every message needs it and a framing may compute a hash for it. */
  readonly #topics = new Map<string, readonly string[]>();

  constructor(topicOf: (conversationId: string) => string) {
    this.#topicOf = topicOf;
  }

  /** Subscribed topics, each with its conversations. */
  get topics(): ReadonlyMap<string, readonly string[]> {
    return this.#topics;
  }

  add(conversationId: string, listener: PacketListener): Unsubscribe {
    const subscription = { listener };
    const listeners = this.#listeners.get(conversationId) ?? new Set();
    this.#listeners.set(conversationId, listeners.add(subscription));
    if (listeners.size === 1) this.#enter(conversationId);
    return () => {
      if (!listeners.delete(subscription) || listeners.size > 0) return;
      if (this.#listeners.get(conversationId) !== listeners) return;
      this.#listeners.delete(conversationId);
      this.#leave(conversationId);
    };
  }

  /**
   * Delivers a packet to each listener of its conversation, with its own bytes.
   *
   * @returns the delivered packets
   */
  deliver(packet: Packet): readonly Packet[] {
    const listeners = this.#listeners.get(packet.conversationId);
    return [...(listeners ?? [])].map((subscription) => {
      const own = { ...packet, payload: packet.payload.slice(), appId: packet.appId.slice() };
      // Each in its own microtask: a listener that throws does not affect others.
      queueMicrotask(() => {
        if (listeners?.has(subscription)) subscription.listener(own);
      });
      return Object.freeze(own);
    });
  }

  clear(): void {
    for (const listeners of this.#listeners.values()) listeners.clear();
    this.#listeners.clear();
    this.#topics.clear();
  }

  #enter(conversationId: string): void {
    const topic = this.#topicOf(conversationId);
    this.#topics.set(topic, [...(this.#topics.get(topic) ?? []), conversationId]);
  }

  #leave(conversationId: string): void {
    const topic = this.#topicOf(conversationId);
    const rest = this.#topics.get(topic)?.filter((other) => other !== conversationId) ?? [];
    if (rest.length > 0) this.#topics.set(topic, rest);
    else this.#topics.delete(topic);
  }
}
