import { utf8ToBytes, bytesToHex, type CancelTimer, type Clock, type Unsubscribe } from "@demls/wire/core";
import { TopicValidatorResult, type GossipSub, type GossipSubEvents, type Message } from "@libp2p/gossipsub";
import type { PeerId, PrivateKey } from "@libp2p/interface";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Observable, Subscription } from "rxjs";
import type { GossipsubNode } from "../gossipsub-transport.js";
import { listenTo } from "../listen-to.js";
import type { PeerConduct } from "../peer-conduct.js";
import { openAnnouncement, sealAnnouncement, type PeerAnnouncement } from "./peer-announcement.js";

/** Delay of the first announcement, in ms. */
const FIRST_WAIT_MS = 100;

/** Interval of the first two announcements, in ms; it then doubles. */
const SHORTEST_WAIT_MS = 500;

/** Maximum interval, in ms. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Maximum topics per announcement; further ones follow {@link SHORTEST_WAIT_MS} later. A node subscribed to a thousand
 * topics reads a hundred announcements a second from all its peers.
 */
const MAX_AT_ONCE = 20;

/** Maximum announcements read per second, because verifying signatures takes time. */
const MAX_READ_PER_SECOND = 100;

/** Dependencies of {@link PeerExchange}. */
export interface PeerExchangeParts {
  readonly node: GossipsubNode;
  readonly privateKey: PrivateKey;
  readonly conduct: PeerConduct;
  readonly clock: Clock;
  /** The subscribed topics and each change of them. */
  readonly topics$: Observable<readonly string[]>;
  /** Called with each announced peer. */
  readonly onFound: (announcement: PeerAnnouncement) => void;
}

/**
 * Exchanges addresses among members of a conversation. So they stay connected when the one peer that all have dialled
 * leaves. Each topic has a second one for announcements.
 */
export class PeerExchange {
  readonly #parts: PeerExchangeParts;
  readonly #service: GossipSub;
  readonly #stopListening: Unsubscribe;
  readonly #following: Subscription;
  /** Announcement topic of each topic. */
  readonly #beside = new Map<string, string>();
  /** The announcement topics. */
  readonly #topics = new Set<string>();
  /** Next announcement topics: first those with new subscribers, then the rest of the round. */
  readonly #soon = new Set<string>();
  readonly #round = new Set<string>();
  #waitMs = SHORTEST_WAIT_MS;
  #announcedAtMs = -Infinity;
  #announceAtMs = -Infinity;
  #sequence = 0n;
  #cancel: CancelTimer = () => undefined;
  #read = { sinceMs: -Infinity, count: 0 };

  constructor(parts: PeerExchangeParts) {
    this.#parts = parts;
    this.#service = parts.node.services.pubsub;
    const onPubsub = listenTo<GossipSubEvents>(this.#service);
    this.#stopListening = onPubsub("subscription-change", ({ detail }) => {
      const topics = detail.subscriptions.filter(({ subscribe }) => subscribe).map(({ topic }) => topic);
      const shared = topics.filter((topic) => this.#topics.has(topic));
      for (const topic of shared) this.#soon.add(topic);
      if (shared.length > 0) this.#announceSoon();
    });
    this.#following = parts.topics$.subscribe((topics) => this.#follow(topics));
  }

  close(): void {
    this.#following.unsubscribe();
    this.#follow([]);
    this.#stopListening();
    this.#cancel();
  }

  #follow(topics: readonly string[]): void {
    const current = new Set(topics);
    for (const topic of current) if (!this.#beside.has(topic)) this.#join(topic);
    for (const topic of [...this.#beside.keys()]) if (!current.has(topic)) this.#leave(topic);
  }

  #join(topic: string): void {
    const beside = announcementsOf(topic);
    this.#beside.set(topic, beside);
    this.#topics.add(beside);
    this.#service.topicValidators.set(beside, (peer, message) => this.#hear(peer, message));
    this.#service.subscribe(beside);
    this.#round.add(beside);
    this.#announceSoon();
  }

  #leave(topic: string): void {
    const beside = this.#beside.get(topic);
    this.#beside.delete(topic);
    if (beside === undefined) return;
    for (const topics of [this.#topics, this.#soon, this.#round]) topics.delete(beside);
    this.#service.unsubscribe(beside);
    this.#service.topicValidators.delete(beside);
  }

  async #hear(from: PeerId, { data }: Message): Promise<TopicValidatorResult> {
    const { conduct, onFound } = this.#parts;
    if (!this.#mayRead()) {
      conduct.blame(String(from), "overRate");
      return TopicValidatorResult.Ignore;
    }
    const announcement = await openAnnouncement(data);
    if (announcement === undefined) {
      conduct.blame(String(from), "garbage");
      return TopicValidatorResult.Reject;
    }
    onFound(announcement);
    return TopicValidatorResult.Accept;
  }

  #mayRead(): boolean {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#read.sinceMs >= 1_000) this.#read = { sinceMs: nowMs, count: 0 };
    this.#read.count += 1;
    return this.#read.count <= MAX_READ_PER_SECOND;
  }

  /** A peer subscribed: restarts announcements at the shortest interval, until gossipsub's mesh includes the peer. */
  #announceSoon(): void {
    this.#waitMs = SHORTEST_WAIT_MS;
    const nowMs = this.#parts.clock.monotonicMs();
    const atMs = Math.max(nowMs + FIRST_WAIT_MS, this.#announcedAtMs + SHORTEST_WAIT_MS);
    // A peer that reconnects repeatedly must not postpone announcements.
    if (this.#announceAtMs <= nowMs || atMs < this.#announceAtMs) this.#announceAt(atMs);
  }

  #announceAt(atMs: number): void {
    this.#announceAtMs = atMs;
    this.#cancel();
    this.#cancel = this.#parts.clock.wakeAt(atMs, () => {
      this.#announcedAtMs = this.#parts.clock.monotonicMs();
      this.#announceNext();
      const isMidway = this.#soon.size + this.#round.size > 0;
      this.#announceAt(this.#announcedAtMs + (isMidway ? SHORTEST_WAIT_MS : this.#waitMs));
    });
  }

  /** Announces the node on the next few topics with subscribers. */
  #announceNext(): void {
    if (this.#soon.size + this.#round.size === 0) {
      for (const topic of this.#topics) this.#round.add(topic);
      this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    }
    let count = 0;
    for (const topics of [this.#soon, this.#round]) {
      for (const topic of topics) {
        if (count === MAX_AT_ONCE) return;
        this.#soon.delete(topic);
        this.#round.delete(topic);
        if (this.#service.getSubscribers(topic).length === 0) continue;
        count += 1;
        void this.#announce(topic);
      }
    }
  }

  async #announce(topic: string): Promise<void> {
    const { node, privateKey } = this.#parts;
    const addresses = node.getMultiaddrs();
    if (addresses.length === 0) return;
    const announcement = { peerId: node.peerId, addresses };
    const data = await sealAnnouncement(announcement, this.#nextSequence(), privateKey);
    // A later announcement may reach peers that this one misses.
    await this.#service.publish(topic, data).catch(() => undefined);
  }

  #nextSequence(): bigint {
    const nowMs = BigInt(Math.floor(this.#parts.clock.wallMs()));
    this.#sequence = nowMs > this.#sequence ? nowMs : this.#sequence + 1n;
    return this.#sequence;
  }
}

/** Announcement topic of a topic. Its hash hides the conversation's name, as in the topic itself. */
function announcementsOf(topic: string): string {
  return `/demls/1/peers/${bytesToHex(sha256(utf8ToBytes(topic)))}`;
}
