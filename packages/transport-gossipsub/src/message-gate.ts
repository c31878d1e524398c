import { bytesToHex, WELCOME_SUBTOPIC, type PacketVerdict, type Unsubscribe } from "@demls/wire/core";
import { TopicValidatorResult, type GossipSub, type Message, type TopicValidatorFn } from "@libp2p/gossipsub";
import type { DroppedPackets } from "./connection-state.js";
import type { ReceivedPacket } from "./framing.js";
import { MAX_MESSAGE_BYTES, type ServiceParts } from "./gossipsub-service.js";
import { dataHash } from "./message-id.js";
import { RecentMap } from "./recent-map.js";
import type { Subscriptions } from "./subscriptions.js";
import type { LateVerdict } from "./verdicts.js";

const { Accept, Ignore, Reject } = TopicValidatorResult;

/**
 * Maximum number of remembered messages, which are not delivered twice: those of two hours at one message a second, or
 * of 27 seconds at 300 a second. Before that, gossipsub drops copies with the same id within a minute.
 */
export const MAX_RECENT = 8_192;

/** Fault of a peer for each reason to drop its message. */
const FAULTS = {
  oversized: "garbage",
  undecodable: "garbage",
  unasked: "unasked",
  forged: "forged",
  repeated: "repeated",
  overRate: "overRate",
} as const;

/** Faults after which a message is not forwarded, but not taken for invalid: its sender may have been misled. */
const MILD: ReadonlySet<keyof typeof FAULTS> = new Set(["unasked", "repeated", "overRate"]);

/** Dependencies of {@link MessageGate}. */
export interface MessageGateParts extends ServiceParts {
  readonly service: GossipSub;
  readonly subscriptions: Subscriptions;
  /** App ids of packets published here, in hex. */
  readonly ownAppIds: ReadonlyMap<string, true>;
  /** Receives each packet of a subscribed conversation and returns the verdict on it. */
  readonly deliver: (received: ReceivedPacket, late: LateVerdict) => Promise<PacketVerdict>;
}

/**
 * Filters messages between gossipsub and the conversations: drops invalid packets, duplicates and echoes, and records
 * the sender's fault.
 */
export class MessageGate {
  readonly #parts: MessageGateParts;
  readonly #recent = new RecentMap<string, Promise<PacketVerdict>>(MAX_RECENT);
  readonly #dropped = {
    oversized: 0,
    undecodable: 0,
    unasked: 0,
    forged: 0,
    repeated: 0,
    overRate: 0,
    duplicate: 0,
    echo: 0,
  };

  constructor(parts: MessageGateParts) {
    this.#parts = parts;
  }

  get dropped(): DroppedPackets {
    return { ...this.#dropped };
  }

  /** @returns a function that removes the filter */
  open(): Unsubscribe {
    const { service } = this.#parts;
    const before = service.topicValidators;
    service.topicValidators = new ValidatorForAll((peer, message) => this.#judge(String(peer), message));
    return () => void (service.topicValidators = before);
  }

  /** Delivers a packet, and lets gossipsub forward it if the session found it genuine or gave no verdict. */
  async #judge(peerId: string, { topic, data }: Message): Promise<TopicValidatorResult> {
    const { service, framing, subscriptions, messages } = this.#parts;
    if (data.length > MAX_MESSAGE_BYTES) return this.#blame(peerId, "oversized", data.length);
    const conversationIds = subscriptions.topics.get(topic);
    if (conversationIds === undefined) {
      // The application and peer discovery may have topics of their own.
      return service.getTopics().includes(topic) ? Accept : this.#blame(peerId, "unasked", data.length);
    }
    const received = framing.decode(data, conversationIds);
    if (received === undefined) return this.#blame(peerId, "undecodable", data.length);
    await messages.take(peerId, 1);
    if (received === "other") return Accept;
    if (this.#isEcho(received)) return Ignore;
    // The topic is part of the key: the same data on another topic belongs to another conversation.
    const id = `${topic} ${received.firstId ?? dataHash(data)}`;
    const known = this.#recent.get(id);
    if (known) {
      this.#recent.set(id, known);
      this.#dropped.duplicate += 1;
      // A genuine packet is forwarded again, since other peers may miss it; an unjudged one is not.
      return (await known) === "passed" ? Accept : Ignore;
    }
    // It is not remembered: a copy by another peer is read.
    if (received.packet.subtopic === WELCOME_SUBTOPIC && !this.#parts.announcements.take(peerId))
      return this.#dislike(peerId, "overRate");
    // A peer that keeps the session busy with garbage does not escape its penalty, and its packets are not forwarded.
    const verdict = this.#parts.deliver(received, {
      meanwhile: () => (this.#parts.conduct.score(peerId) < 0 ? "unjudged" : "passed"),
      onLate: (late) => void this.#resultOf(late, peerId),
    });
    this.#recent.set(id, verdict);
    return this.#resultOf(await verdict, peerId);
  }

  #resultOf(verdict: PacketVerdict, peerId: string): TopicValidatorResult {
    if (verdict === "passed") return Accept;
    if (verdict === "unjudged") return Ignore;
    return this.#dislike(peerId, verdict);
  }

  /** Blames a peer for a well-formed packet, but not on a shared topic: honest peers forward packets they cannot read there. */
  #dislike(peerId: string, kind: "forged" | "repeated" | "overRate"): TopicValidatorResult {
    if (!this.#parts.framing.relaysUnread) return this.#blame(peerId, kind);
    this.#dropped[kind] += 1;
    return Ignore;
  }

  /**
   * Whether a packet claims an app id of this node. Such a packet is not forwarded: no session here verifies it, and
   * peers that find it forged would penalise this node.
   */
  #isEcho({ packet }: ReceivedPacket): boolean {
    const isEcho = this.#parts.ownAppIds.has(bytesToHex(packet.appId));
    if (isEcho) this.#dropped.echo += 1;
    return isEcho;
  }

  #blame(peerId: string, kind: keyof typeof FAULTS, bytes = 0): TopicValidatorResult {
    this.#dropped[kind] += 1;
    this.#parts.conduct.blame(peerId, FAULTS[kind], bytes);
    return MILD.has(kind) ? Ignore : Reject;
  }
}

/** One validator for every topic: without one, gossipsub would accept, keep and forward a message. */
class ValidatorForAll extends Map<string, TopicValidatorFn> {
  readonly #validator: TopicValidatorFn;

  constructor(validator: TopicValidatorFn) {
    super();
    this.#validator = validator;
  }

  override get(topic: string): TopicValidatorFn {
    return super.get(topic) ?? this.#validator;
  }
}
