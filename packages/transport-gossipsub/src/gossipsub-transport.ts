// Symbol.asyncDispose, for projects whose `lib` is that of a year, such as ES2023.
/// <reference lib="esnext.disposable" preserve="true" />
import { bytesToHex, type Clock, type Packet, type PacketVerdict, type Transport } from "@demls/wire/core";
import type { GossipSub, GossipSubEvents } from "@libp2p/gossipsub";
import type { Libp2p, Libp2pEvents } from "@libp2p/interface";
import type { Observable } from "rxjs";
import { ConnectionFeed } from "./connection-feed.js";
import type { ConnectionState } from "./connection-state.js";
import { isDeaf } from "./deaf-peers.js";
import { MAX_MESSAGE_BYTES, MAX_TOPICS, partsOf } from "./gossipsub-service.js";
import { listenTo } from "./listen-to.js";
import { MessageGate } from "./message-gate.js";
import { RecentMap } from "./recent-map.js";
import type { SentPacket } from "./kept-packets.js";
import { Resending } from "./resending.js";
import type { ReceivedPacket } from "./framing.js";
import { StoreHistory } from "./store-history.js";
import { Subscriptions } from "./subscriptions.js";
import { timestamps } from "./timestamps.js";
import { TopicStates } from "./topic-states.js";
import {
  nodeInUse,
  packetTooLarge,
  requirePublishTimeout,
  tooManyTopics,
  transportClosed,
} from "./transport-errors.js";
import { Verdicts, type LateVerdict } from "./verdicts.js";
import { WaitingPackets } from "./waiting-packets.js";
import { requireStores, type WakuStores } from "./waku-stores.js";
import { NOBODY_IS_NO_ERROR, type WholeGossipSub } from "./whole-gossipsub.js";

/** Default of `publishTimeoutMs`, as de-mls 3.0.0 waits for its Waku node. */
export const DEFAULT_PUBLISH_TIMEOUT_MS = 10_000;

/** Maximum number of remembered app ids: each user of the transport has one. */
const MAX_APP_IDS = 64;

/** Maximum bytes of a packet with its names; the other fields of a message take a few hundred. */
const MAX_PACKET_BYTES = MAX_MESSAGE_BYTES - 4_096;

/** Maximum bytes of a name's UTF-16 unit in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** Services with an open transport. */
const inUse = new WeakSet<GossipSub>();

/** A libp2p node with gossipsub for de-MLS. */
export type GossipsubNode = Libp2p<{ readonly pubsub: GossipSub }>;

/** Settings of {@link createGossipsubTransport}. */
export interface GossipsubTransportOptions {
  /** A node whose service `pubsub` was made by `gossipsubService`. The transport never stops it. */
  readonly node: GossipsubNode;
  /** Clock for publishing and for the timestamps of messages. */
  readonly clock: Clock;
  /**
   * Time that a packet waits for a peer subscribed to its conversation, in ms, before `publish` rejects.
   *
   * @defaultValue `10_000`, as de-mls 3.0.0 waits for its Waku node
   */
  readonly publishTimeoutMs?: number;
  /** Waku nodes that serve old packets, by which the transport has `history`; with framing `waku` only. */
  readonly stores?: WakuStores;
}

/** A {@link Transport} over libp2p gossipsub. */
export interface GossipsubTransport extends Transport {
  /** The node's peer id. */
  readonly peerId: string;
  /** Addresses of the node: multiaddrs that end in its peer id. */
  readonly addresses: readonly string[];
  /** The current connection state. */
  readonly connection: ConnectionState;
  /**
   * The connection state and each change of it; counters of dropped packets may be a second late. Completes with
   * `close()`.
   */
  readonly connection$: Observable<ConnectionState>;
  /** Stops delivering and publishing; packets that wait for a peer are rejected. Idempotent. */
  close(): Promise<void>;
  /** Calls `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Creates the transport over a node, which has at most one. It follows the node's stops and starts.
 *
 * `publish` resolves when the packet was sent to a peer. Without a subscribed peer it waits for one until its timeout.
 * `close` removes everything of the transport from the node and leaves the node running.
 *
 * @throws DemlsError `foreign-pubsub` for a pubsub service not made by `gossipsubService`; `node-in-use` if another
 *   transport over the node is open; `invalid-publish-timeout`; `stores-need-waku`, `too-many-stores`,
 *   `too-many-subtopics`, `invalid-address`, `invalid-subtopic` for `stores`. `publish` rejects with `no-peers`, `too-many-waiting`,
 *   `packet-too-large`, `transport-closed`, and under Waku with `invalid-conversation-id` and `invalid-subtopic` for
 *   names that are empty or have a slash; `subscribe` with `transport-closed`, `too-many-topics`, and under Waku with
 *   `invalid-conversation-id`.
 *
 * @example
 * ```ts
 * const transport = createGossipsubTransport({ node, clock: platformClock });
 * const alice = await createUser({ key, transport });
 * ```
 */
export function createGossipsubTransport(options: GossipsubTransportOptions): GossipsubTransport {
  const { node, clock, publishTimeoutMs = DEFAULT_PUBLISH_TIMEOUT_MS } = options;
  const service = node.services.pubsub as WholeGossipSub;
  const parts = partsOf(service);
  const { framing, conduct } = parts;
  requirePublishTimeout(publishTimeoutMs);
  const stores = requireStores(options.stores, framing);
  if (inUse.has(service)) throw nodeInUse();
  inUse.add(service);
  const subscriptions = new Subscriptions((conversationId) => framing.topicOf(conversationId));
  const topics = new TopicStates(service, subscriptions);
  const waiting = new WaitingPackets(clock, publishTimeoutMs);
  const ownAppIds = new RecentMap<string, true>(MAX_APP_IDS);
  const gate = new MessageGate({ ...parts, service, subscriptions, ownAppIds, deliver });
  const resending = new Resending(clock, sendRound);
  const verdicts = new Verdicts(clock);
  const nextTimestamp = timestamps(clock);
  const stored = stores && new StoreHistory({ node, clock, stores, nextNumber: nextTimestamp });
  let isClosed = false;
  const feed = new ConnectionFeed(look);

  function look(): ConnectionState {
    const peers = node.getPeers().map(String);
    return { peers, topics: topics.all, waiting: waiting.count, dropped: gate.dropped };
  }

  function noteTopics(changed: Iterable<string>): void {
    for (const topic of changed) topics.note(topic);
    feed.note();
  }

  function noteAll(): void {
    topics.noteAll();
    feed.note();
  }

  async function retryWaiting(): Promise<void> {
    if (waiting.count === 0) return;
    await waiting.retry();
    feed.note();
  }

  async function deliver(
    { packet, timestamp, firstId }: ReceivedPacket,
    late: LateVerdict,
  ): Promise<PacketVerdict> {
    const verdict = await verdicts.of(subscriptions.deliver(packet), late);
    const topic = framing.topicOf(packet.conversationId);
    // Only originals are kept: resending copies would never end.
    const isKept = framing.resends && firstId === undefined && verdict === "passed";
    if (isKept && !isClosed) resending.keepHeard({ topic, packet, timestamp });
    return verdict;
  }

  /** Returns the number of peers that the packet was sent to. */
  async function send(topic: string, packet: Packet): Promise<number> {
    const sent = { topic, packet, timestamp: nextTimestamp() };
    const recipients = await sendRound(sent, 0);
    if (recipients > 0 && framing.resends) resending.keepOwn(sent);
    return recipients;
  }

  async function sendRound({ topic, packet, timestamp }: SentPacket, round: number): Promise<number> {
    if (service.getSubscribers(topic).length === 0) return 0;
    const data = framing.encode(packet, timestamp, round);
    const { recipients } = await service.publish(topic, data, NOBODY_IS_NO_ERROR);
    return recipients.length;
  }

  /** A stopped service has no topics, so the topic is added when it starts. An existing topic is kept. */
  function joinTopics(joined: readonly string[]): void {
    if (service.isStarted()) for (const topic of joined) service.subscribe(topic);
    noteTopics(joined);
  }

  /** Unsubscribes from those of `topics` that no conversation uses any more. */
  function leaveTopics(left: readonly string[]): void {
    for (const topic of left) {
      if (subscriptions.topics.has(topic)) continue;
      if (service.isStarted()) service.unsubscribe(topic);
      resending.leave(topic);
    }
    noteTopics(left);
  }

  /** Closes the connection, so that the node connects again and opens a new stream. */
  function closeDeafConnections(): void {
    for (const connection of node.getConnections())
      if (isDeaf(connection, service.protocols))
        connection.abort(new Error("The peer stopped reading messages."));
  }

  const onNode = listenTo<Libp2pEvents>(node);
  const onPubsub = listenTo<GossipSubEvents>(service);
  const stopListening = [
    gate.open(),
    onNode("peer:connect", ({ detail }) => {
      if (conduct.isOut(String(detail))) void node.hangUp(detail).catch(() => undefined);
      noteAll();
    }),
    onNode("peer:disconnect", noteAll),
    onNode("start", () => joinTopics([...subscriptions.topics.keys()])),
    onPubsub("gossipsub:graft", ({ detail }) => noteTopics([detail.topic])),
    onPubsub("gossipsub:prune", ({ detail }) => noteTopics([detail.topic])),
    onPubsub("subscription-change", ({ detail }) => {
      for (const { topic, subscribe } of detail.subscriptions) if (subscribe) resending.noteNewcomer(topic);
      noteTopics(detail.subscriptions.map(({ topic }) => topic));
      void retryWaiting();
    }),
    // A known peer may be busy or not yet writable: the next heartbeat is soon enough.
    onPubsub("gossipsub:heartbeat", () => {
      closeDeafConnections();
      noteAll();
      void retryWaiting();
    }),
  ];

  async function close(): Promise<void> {
    if (isClosed) return;
    const before = [...subscriptions.topics.keys()];
    subscriptions.clear();
    leaveTopics(before);
    isClosed = true;
    for (const stop of stopListening) stop();
    resending.close();
    stored?.close();
    waiting.close(transportClosed());
    feed.close();
    inUse.delete(service);
  }

  return {
    peerId: String(node.peerId),
    get addresses() {
      return node.getMultiaddrs().map(String);
    },
    get connection() {
      topics.noteAll();
      return look();
    },
    connection$: feed.states$,

    async publish(packet) {
      if (isClosed) throw transportClosed();
      const refusal = framing.refusal(packet.conversationId, packet.subtopic);
      if (refusal) throw refusal;
      if (sizeOf(packet) > MAX_PACKET_BYTES) throw packetTooLarge(MAX_PACKET_BYTES);
      const own = copyOf(packet);
      const topic = framing.topicOf(own.conversationId);
      ownAppIds.set(bytesToHex(own.appId), true);
      if (!waiting.hasTopic(topic) && (await send(topic, own)) > 0) return;
      const sent = waiting.wait(topic, own.payload.length, () => send(topic, own));
      feed.note();
      await sent.finally(() => feed.note());
    },

    async subscribe(conversationId, listener) {
      if (isClosed) throw transportClosed();
      const refusal = framing.refusal(conversationId);
      if (refusal) throw refusal;
      const topic = framing.topicOf(conversationId);
      if (!subscriptions.topics.has(topic) && subscriptions.topics.size >= MAX_TOPICS)
        throw tooManyTopics(MAX_TOPICS);
      const end = subscriptions.add(conversationId, listener);
      joinTopics([topic]);
      return () => {
        const wasListenedTo = subscriptions.topics.has(topic);
        end();
        if (wasListenedTo) leaveTopics([topic]);
      };
    },

    ...(stored && {
      history(conversationId, since, reading = {}) {
        const refusal = isClosed ? transportClosed() : framing.refusal(conversationId);
        return stored.read(conversationId, since, reading, refusal);
      },
    }),

    isConnected: (conversationId) => topics.isConnected(framing.topicOf(conversationId)),
    noteVerdict: (packet, verdict) => verdicts.note(packet, verdict),

    close,
    [Symbol.asyncDispose]: close,
  };
}

function sizeOf({ payload, appId, conversationId, subtopic }: Packet): number {
  return payload.length + appId.length + MAX_BYTES_PER_UNIT * (conversationId.length + subtopic.length);
}

/** `slice` of Node's `Buffer` would share the memory. */
function copyOf(packet: Packet): Packet {
  return { ...packet, payload: Uint8Array.from(packet.payload), appId: Uint8Array.from(packet.appId) };
}
