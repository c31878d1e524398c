import type { Packet, Unsubscribe } from "@demls/wire/core";

/** Takes packets of a conversation. */
export type PacketListener = (packet: Packet) => void;

/** Who listens to which conversation, and by which topics they come. */
export class Subscriptions {
  readonly #topicOf: (conversationId: string) => string;
  readonly #listeners = new Map<string, Set<{ readonly listener: PacketListener }>>();
  /** Kept, since it is looked at with every message, and a topic may take a hash to find. */
  readonly #topics = new Map<string, readonly string[]>();

  constructor(topicOf: (conversationId: string) => string) {
    this.#topicOf = topicOf;
  }

  /** The topics that conversations are listened to by, each with those conversations. */
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
   * Hands a packet to each listener of its conversation, with bytes of its own.
   *
   * @returns what they are handed, in a moment.
   */
  deliver(packet: Packet): readonly Packet[] {
    const listeners = this.#listeners.get(packet.conversationId);
    return [...(listeners ?? [])].map((subscription) => {
      const own = { ...packet, payload: packet.payload.slice(), appId: packet.appId.slice() };
      // In a microtask of its own: a listener that throws takes nothing from the others.
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
