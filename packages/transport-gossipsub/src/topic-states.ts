import type { GossipSub } from "@libp2p/gossipsub";
import type { TopicState } from "./connection-state.js";
import { MESH_LOW } from "./gossipsub-service.js";
import type { Subscriptions } from "./subscriptions.js";

/** Members of gossipsub that are read here, some of which its interface lacks. */
type MeshGossipSub = Pick<GossipSub, "getSubscribers"> & { getMeshPeers(topic: string): string[] };

/**
 * States of all topics, recomputed only for changed ones. When a peer that shares a thousand topics connects, a
 * thousand RPCs change one topic each.
 */
export class TopicStates {
  readonly #service: MeshGossipSub;
  readonly #subscriptions: Subscriptions;
  /** Cached states. */
  readonly #known = new Map<string, TopicState>();

  constructor(service: MeshGossipSub, subscriptions: Subscriptions) {
    this.#service = service;
    this.#subscriptions = subscriptions;
  }

  /** Marks one topic as changed. */
  note(topic: string): void {
    this.#known.delete(topic);
  }

  /** Marks all topics as changed. */
  noteAll(): void {
    this.#known.clear();
  }

  /** All current states, in the order of subscribing. */
  get all(): readonly TopicState[] {
    return [...this.#subscriptions.topics].map(
      ([topic, conversationIds]) => this.#known.get(topic) ?? this.#lookAt(topic, conversationIds),
    );
  }

  /** Whether packets of a topic reach others well: its mesh is large enough, or has all subscribers. */
  isConnected(topic: string): boolean {
    const subscribers = this.#service.getSubscribers(topic).length;
    return subscribers > 0 && this.#service.getMeshPeers(topic).length >= Math.min(MESH_LOW, subscribers);
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
