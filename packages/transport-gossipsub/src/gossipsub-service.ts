import { bytesToHex, DemlsError, type Clock } from "@demls/wire/core";
import { gossipsub, StrictNoSign, type GossipSub, type GossipSubComponents } from "@libp2p/gossipsub";
import type { Framing, FramingName } from "./framing.js";
import { framingOf } from "./framings.js";
import { tagMeshPeers, type MeshGossipSub } from "./mesh-tags.js";
import { messageId } from "./message-id.js";
import { PeerConduct, SCORE_OUT } from "./peer-conduct.js";
import { PeerIntake } from "./peer-intake.js";
import { PeerRates } from "./peer-rates.js";
import { readInTurn, type ReadingGossipSub } from "./rpc-reading.js";
import { sendInParts, type SendingGossipSub } from "./rpc-sending.js";

/** Maximum bytes of a gossipsub message; a commit to a group of a hundred members has a fifth of it. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/**
 * Maximum unsent bytes per peer. Packets that waited for a first peer are sent to it at once, so the maximum is the
 * same for both. Beyond it, gossipsub drops the stream and then the connection.
 */
const MAX_OUTBOUND_BYTES = 16 * MAX_MESSAGE_BYTES;

/** Maximum bytes of a received RPC. gossipsub bundles several messages in one when a peer asks for missed ones. */
const MAX_RPC_BYTES = 2 * MAX_MESSAGE_BYTES;

/** Maximum entries of each kind in an RPC. */
const MAX_RPC_ENTRIES = 512;

/** Subscribers from which gossipsub takes its mesh of a topic for large enough: its parameter Dlo. */
export const MESH_LOW = 4;

/** Maximum number of subscribed topics of conversations. */
export const MAX_TOPICS = 2_048;

/**
 * Maximum bytes of one peer's topics: gossipsub counts 1 KiB and the name for each. It silently sends a peer nothing on
 * further topics. Twice {@link MAX_TOPICS} fit, since peer exchange has a second topic for each, and a few hundred
 * topics of the application.
 */
const MAX_TOPIC_BYTES_PER_PEER = (2 * MAX_TOPICS + 512) * 1_152;

/** Rate limit of received RPCs; a costly one counts for several. */
const RPC_LIMITS = { perSecond: 4_000, atOnce: 8_000 };

/** Rate limit of new messages; copies from several peers count once. */
const MESSAGE_LIMITS = { perSecond: 1_000, atOnce: 2_000 };

/**
 * Rate limit of each peer's new packets of joiners, which anyone can make and which cost signature checks: the announcements
 * of a hundred at once, and their welcomes.
 */
const ANNOUNCEMENT_LIMITS = { perSecond: 20, atOnce: 200 };

/**
 * Time that gossipsub remembers message ids, in ms. Later copies are recognised by the transport's own memory, which is
 * bounded by number: at 300 messages a second it covers less time than this.
 */
const SEEN_MS = 60_000;

/** Settings of {@link gossipsubService}. */
export interface GossipsubServiceOptions {
  /** Clock by which peers' points expire. */
  readonly clock: Clock;
  /**
   * Framing of packets. All members of a conversation need the same; members of de-mls 3.0.0 need `waku`.
   *
   * @defaultValue `"plain"`
   */
  readonly framing?: FramingName;
}

/** Parts of a service that its transport uses. */
export interface ServiceParts {
  readonly framing: Framing;
  readonly conduct: PeerConduct;
  /** Fair queue of new messages, since a session may have to verify each of them. */
  readonly messages: PeerIntake;
  /** Rates of the peers' new packets of joiners. */
  readonly announcements: PeerRates;
}

const partsOfService = new WeakMap<object, ServiceParts>();

/**
 * Creates gossipsub for de-MLS, as the `pubsub` service of your own libp2p node. Messages have no author or signature:
 * MLS authenticates packets, and a signature would reveal the sender. Message ids are hashes of the data and, except
 * with framing `waku`, of the topic. gossipsub's peer scores include the faults that the transport found.
 *
 * @throws DemlsError `unknown-framing`
 *
 * @example
 * ```ts
 * const node = await createLibp2p({
 *   services: { identify: identify(), pubsub: gossipsubService({ clock: platformClock }) },
 *   …
 * });
 * const transport = createGossipsubTransport({ node, clock: platformClock });
 * ```
 */
export function gossipsubService(
  options: GossipsubServiceOptions,
): (components: GossipSubComponents) => GossipSub {
  const framing = framingOf(options.framing ?? "plain");
  return (components) => {
    const conduct = new PeerConduct(options.clock);
    const messages = new PeerIntake(options.clock, MESSAGE_LIMITS);
    const announcements = new PeerRates(options.clock, ANNOUNCEMENT_LIMITS);
    const service = gossipsub({
      globalSignaturePolicy: StrictNoSign,
      msgIdFn: ({ topic, data }) => messageId(topic, data),
      msgIdToStrFn: bytesToHex,
      seenTTL: SEEN_MS,
      fallbackToFloodsub: false,
      maxInboundDataLength: MAX_RPC_BYTES,
      // gossipsub uses only the last stream that a peer opened.
      maxInboundStreams: 2,
      decodeRpcLimits: {
        maxSubscriptions: MAX_RPC_ENTRIES,
        maxMessages: MAX_RPC_ENTRIES,
        maxIhaveMessageIDs: 10 * MAX_RPC_ENTRIES,
        maxIwantMessageIDs: 10 * MAX_RPC_ENTRIES,
        maxIdontwantMessageIDs: MAX_RPC_ENTRIES,
        maxControlMessages: MAX_RPC_ENTRIES,
        maxPeerInfos: 16,
      },
      maxTopicBytesPerPeer: MAX_TOPIC_BYTES_PER_PEER,
      tagMeshPeers: false,
      awaitRpcMessageHandler: true,
      maxOutboundBufferSize: MAX_OUTBOUND_BYTES,
      scoreParams: {
        appSpecificScore: (peerId) => conduct.score(peerId),
        appSpecificWeight: 1,
        // More than ten peers at one IP address may be a group on one machine or behind one router.
        IPColocationFactorWeight: 0,
      },
      scoreThresholds: {
        gossipThreshold: SCORE_OUT / 4,
        publishThreshold: SCORE_OUT / 2,
        graylistThreshold: SCORE_OUT,
      },
    })(components);
    // gossipsub 17.1.1 ignores its option `protocols`; it reads this property when the node starts.
    if (framing.protocols) service.protocols = [...framing.protocols];
    sendInParts(service as SendingGossipSub, MAX_MESSAGE_BYTES);
    readInTurn(service as ReadingGossipSub, [new PeerIntake(options.clock, RPC_LIMITS), messages], conduct);
    tagMeshPeers(service as MeshGossipSub, components.peerStore);
    conduct.onOut((peerId) => abortConnections(components, peerId));
    partsOfService.set(service, { framing, conduct, messages, announcements });
    return service;
  };
}

function abortConnections({ connectionManager }: GossipSubComponents, peerId: string): void {
  for (const connection of connectionManager.getConnections())
    if (String(connection.remotePeer) === peerId)
      connection.abort(new Error("The peer sent too many invalid messages."));
}

/** @throws DemlsError `foreign-pubsub` for a service not made by {@link gossipsubService} */
export function partsOf(service: object | undefined): ServiceParts {
  const parts = service && partsOfService.get(service);
  if (parts) return parts;
  throw new DemlsError("foreign-pubsub", {
    message: "The node's pubsub service was not made by gossipsubService, so its settings do not fit.",
    field: "node",
    remedy: "Create the node with `services: { identify: identify(), pubsub: gossipsubService({ clock }) }`.",
  });
}
