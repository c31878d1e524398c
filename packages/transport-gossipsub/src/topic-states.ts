import type { GossipSub } from "@libp2p/gossipsub";
import type { TopicState } from "./connection-state.js";
import type { Subscriptions } from "./subscriptions.js";

/** What is asked of gossipsub, of which its interface does not name all. */
type MeshGossipSub = Pick<GossipSub, "getSubscribers"> & { getMeshPeers(topic: string): string[] };

/**
 * The states of all topics, of which those are looked at again that something has happened to: a peer that shares a
 * thousand of them comes and goes by a thousand RPCs, each of which changes one.
 */
export class TopicStates {
  readonly #service: MeshGossipSub;
  readonly #subscriptions: Subscriptions;
  /** As they were when they were last looked at. */
  readonly #known = new Map<string, TopicState>();

  constructor(service: MeshGossipSub, subscriptions: Subscriptions) {
    this.#service = service;
    this.#subscriptions = subscriptions;
  }

  /** Something may have happened to a topic. */
  note(topic: string): void {
    this.#known.delete(topic);
  }

  /** Something may have happened to any. */
  noteAll(): void {
    this.#known.clear();
  }

  /** All of them now, in the order of subscribing. */
  get all(): readonly TopicState[] {
    return [...this.#subscriptions.topics].map(
      ([topic, conversationIds]) => this.#known.get(topic) ?? this.#lookAt(topic, conversationIds),
    );
  }

  #lookAt(topic: string, conversationIds: readonly string[]): TopicState {
    const state = {
      topic,
      conversationIds,
      subscribers: this.#service.getSubscribers(topic).length,
      mesh: this.#service.getMeshPeers(topic).length,
    };
    this.#known.set(topic, state);
    return state;
  }
}
