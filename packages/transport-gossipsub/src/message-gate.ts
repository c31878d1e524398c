import { bytesToHex, type PacketVerdict, type Unsubscribe } from "@demls/wire/core";
import { TopicValidatorResult, type GossipSub, type Message, type TopicValidatorFn } from "@libp2p/gossipsub";
import type { DroppedPackets } from "./connection-state.js";
import type { ReceivedPacket } from "./framing.js";
import { MAX_MESSAGE_BYTES, type ServiceParts } from "./gossipsub-service.js";
import { dataHash } from "./message-id.js";
import { RecentMap } from "./recent-map.js";
import type { Subscriptions } from "./subscriptions.js";

const { Accept, Ignore, Reject } = TopicValidatorResult;

/**
 * Messages that are remembered, so that none is delivered twice: of a conversation with one a second more than two
 * hours, of 300 a second 27 seconds. What comes again by the same id within a minute, gossipsub drops before this.
 */
const MAX_RECENT = 8_192;

/** What a peer is blamed for where a message of its is dropped. */
const FAULTS = {
  oversized: "garbage",
  undecodable: "garbage",
  unasked: "unasked",
  forged: "forged",
} as const;

/** What the gate looks at, and whom it tells. */
export interface MessageGateParts extends ServiceParts {
  readonly service: GossipSub;
  readonly subscriptions: Subscriptions;
  /** The app ids of packets published here, in hex. */
  readonly ownAppIds: ReadonlyMap<string, true>;
  /** Takes each packet that is for a conversation here, and says what it was found to be. */
  readonly deliver: (received: ReceivedPacket) => Promise<PacketVerdict>;
}

/**
 * Stands between gossipsub and the conversations: whatever is no packet of theirs, comes twice or is their own goes
 * no further, and who sends such is blamed for it.
 */
export class MessageGate {
  readonly #parts: MessageGateParts;
  readonly #recent = new RecentMap<string, Promise<PacketVerdict>>(MAX_RECENT);
  readonly #dropped = { oversized: 0, undecodable: 0, unasked: 0, forged: 0, duplicate: 0, echo: 0 };

  constructor(parts: MessageGateParts) {
    this.#parts = parts;
  }

  get dropped(): DroppedPackets {
    return { ...this.#dropped };
  }

  /** @returns takes it away again. */
  open(): Unsubscribe {
    const { service } = this.#parts;
    const before = service.topicValidators;
    service.topicValidators = new ValidatorForAll((peer, message) => this.#judge(String(peer), message));
    return () => void (service.topicValidators = before);
  }

  /** Delivers what is a packet, and has gossipsub pass on what the session found genuine, or has not looked at. */
  async #judge(peerId: string, { topic, data }: Message): Promise<TopicValidatorResult> {
    const { service, framing, subscriptions, messages } = this.#parts;
    if (data.length > MAX_MESSAGE_BYTES) return this.#blame(peerId, "oversized", data.length);
    const conversationIds = subscriptions.topics.get(topic);
    if (conversationIds === undefined) {
      // The node's owner may have topics of their own, and so does peer discovery.
      return service.getTopics().includes(topic) ? Accept : this.#blame(peerId, "unasked", data.length);
    }
    const received = framing.decode(data, conversationIds);
    if (received === undefined) return this.#blame(peerId, "undecodable", data.length);
    await messages.take(peerId, 1);
    if (received === "other") return Accept;
    if (this.#isEcho(received)) return Ignore;
    // By its topic too: the same data belongs to another conversation on another.
    const id = `${topic} ${received.firstId ?? dataHash(data)}`;
    const known = this.#recent.get(id);
    if (known) {
      this.#recent.set(id, known);
      this.#dropped.duplicate += 1;
      // Others may still miss it; of what is not known to be genuine they need no other copy.
      return (await known) === "passed" ? Accept : Ignore;
    }
    const verdict = this.#parts.deliver(received);
    this.#recent.set(id, verdict);
    return this.#resultOf(await verdict, peerId);
  }

  #resultOf(verdict: PacketVerdict, peerId: string): TopicValidatorResult {
    if (verdict === "passed") return Accept;
    if (verdict === "unjudged") return Ignore;
    if (this.#parts.framing.relaysUnread) {
      // Who brought it carries what it cannot read, as everybody does on such a topic.
      this.#dropped.forged += 1;
      return Ignore;
    }
    return this.#blame(peerId, "forged");
  }

  /**
   * Whether a packet claims to be from here. Whoever has it got it from here, if it is one: it is not passed on, for
   * nobody here has looked at it, and those who find it forged would blame this node.
   */
  #isEcho({ packet }: ReceivedPacket): boolean {
    const isEcho = this.#parts.ownAppIds.has(bytesToHex(packet.appId));
    if (isEcho) this.#dropped.echo += 1;
    return isEcho;
  }

  #blame(peerId: string, kind: keyof typeof FAULTS, bytes = 0): TopicValidatorResult {
    this.#dropped[kind] += 1;
    this.#parts.conduct.blame(peerId, FAULTS[kind], bytes);
    return kind === "unasked" ? Ignore : Reject;
  }
}

/** One validator for whatever topic: a message on a topic without one would be accepted, kept and passed on. */
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
