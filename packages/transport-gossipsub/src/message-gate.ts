import { bytesToHex, type Unsubscribe } from "@demls/wire/core";
import {
  TopicValidatorResult,
  type GossipSub,
  type GossipSubEvents,
  type Message,
  type TopicValidatorFn,
} from "@libp2p/gossipsub";
import type { DroppedPackets } from "./connection-state.js";
import type { ReceivedPacket } from "./framing.js";
import { MAX_MESSAGE_BYTES, type ServiceParts } from "./gossipsub-service.js";
import { listenTo } from "./listen-to.js";
import { RecentIds } from "./recent-ids.js";
import type { Subscriptions } from "./subscriptions.js";

const { Accept, Ignore, Reject } = TopicValidatorResult;

/** Messages that are remembered, so that none is delivered twice: several minutes of a busy conversation. */
const MAX_RECENT = 8_192;

/** What the gate looks at, and whom it tells. */
export interface MessageGateParts extends ServiceParts {
  readonly service: GossipSub;
  readonly subscriptions: Subscriptions;
  /** The app ids of packets published here, in hex. */
  readonly ownAppIds: RecentIds;
  /** Takes each packet that is for a conversation here. */
  readonly deliver: (received: ReceivedPacket) => void;
}

/**
 * Stands between gossipsub and the conversations: whatever is no packet of theirs, comes twice, is their own or more
 * than a peer's share goes no further, and who sends such is blamed for it.
 */
export class MessageGate {
  readonly #parts: MessageGateParts;
  readonly #recent = new RecentIds(MAX_RECENT);
  /** Packets between their validation and their delivery, which gossipsub asks for with the same message. */
  readonly #received = new WeakMap<Message, ReceivedPacket>();
  readonly #dropped = { oversized: 0, undecodable: 0, unasked: 0, duplicate: 0, echo: 0, overRate: 0 };

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
    const stopListening = listenTo<GossipSubEvents>(service)("gossipsub:message", ({ detail }) =>
      this.#pass(detail.msgId, detail.msg),
    );
    return () => {
      stopListening();
      service.topicValidators = before;
    };
  }

  #judge(peerId: string, message: Message): TopicValidatorResult {
    const { service, framing, conduct, subscriptions } = this.#parts;
    const { topic, data } = message;
    if (data.length > MAX_MESSAGE_BYTES) return this.#blame(peerId, "oversized");
    const conversationIds = subscriptions.topics.get(topic);
    if (conversationIds === undefined) {
      // The node's owner may have topics of their own, and so does peer discovery.
      return service.getTopics().includes(topic) ? Accept : this.#blame(peerId, "unasked");
    }
    const received = framing.decode(data, conversationIds);
    if (received === undefined) return this.#blame(peerId, "undecodable");
    if (!conduct.allow(peerId)) {
      this.#dropped.overRate += 1;
      return Ignore;
    }
    if (received !== "other") this.#received.set(message, received);
    return Accept;
  }

  #blame(peerId: string, kind: "oversized" | "undecodable" | "unasked"): TopicValidatorResult {
    this.#dropped[kind] += 1;
    this.#parts.conduct.blame(peerId, kind === "unasked" ? "unasked" : "garbage");
    return kind === "unasked" ? Ignore : Reject;
  }

  #pass(messageId: string, message: Message): void {
    const received = this.#received.get(message);
    if (received === undefined) return;
    if (!this.#recent.add(received.firstId ?? messageId)) this.#dropped.duplicate += 1;
    else if (this.#parts.ownAppIds.has(bytesToHex(received.packet.appId))) this.#dropped.echo += 1;
    else this.#parts.deliver(received);
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
