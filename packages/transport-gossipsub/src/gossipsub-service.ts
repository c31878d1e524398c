import { bytesToHex, DemlsError, type Clock } from "@demls/wire/core";
import { gossipsub, StrictNoSign, type GossipSub, type GossipSubComponents } from "@libp2p/gossipsub";
import type { Framing, FramingName } from "./framing.js";
import { framingOf } from "./framings.js";
import { tagMeshPeers, type MeshGossipSub } from "./mesh-tags.js";
import { messageId } from "./message-id.js";
import { PeerConduct, SCORE_OUT } from "./peer-conduct.js";
import { PeerIntake } from "./peer-intake.js";
import { readInTurn, type ReadingGossipSub } from "./rpc-reading.js";
import { sendInParts, type SendingGossipSub } from "./rpc-sending.js";

/** Bytes of a gossipsub message at most: a commit of a hundred members has a fifth of it. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/**
 * What waits for a peer that reads slowly, in bytes: as much as may have waited for a first peer, which is sent all of it
 * at once. With more its stream is given up, and its connection after it.
 */
const MAX_OUTBOUND_BYTES = 16 * MAX_MESSAGE_BYTES;

/** Bytes of an RPC at most: gossipsub puts several messages into one where a peer asks for what it missed. */
const MAX_RPC_BYTES = 2 * MAX_MESSAGE_BYTES;

/** Entries of each kind in an RPC at most. */
const MAX_RPC_ENTRIES = 512;

/** Topics that conversations are listened to by at most. */
export const MAX_TOPICS = 2_048;

/**
 * What the topics of one peer take at most, by gossipsub's reckoning of 1 KiB and their name for each. Beyond it a peer
 * is sent nothing on further topics, in silence. It holds twice {@link MAX_TOPICS}, since peer exchange has a topic
 * beside each, and a few hundred of the application's.
 */
const MAX_TOPIC_BYTES_PER_PEER = (2 * MAX_TOPICS + 512) * 1_152;

/** RPCs that are read, or what takes the time of so many. */
const RPC_LIMITS = { perSecond: 4_000, atOnce: 8_000 };

/** New messages that are looked at; those which several peers bring count once. */
const MESSAGE_LIMITS = { perSecond: 1_000, atOnce: 2_000 };

/**
 * How long gossipsub remembers the ids of messages, in ms. What takes longer is caught by the transport's memory only
 * while fewer messages came since than that holds: at 300 a second it reaches less far back than this.
 */
const SEEN_MS = 60_000;

/** Settings of {@link gossipsubService}. */
export interface GossipsubServiceOptions {
  /** The clock that peers' faults are forgotten by. */
  readonly clock: Clock;
  /**
   * How packets travel. All members of a conversation need the same; with members of de-mls 3.0.0 it is `waku`.
   *
   * @defaultValue `"plain"`
   */
  readonly framing?: FramingName;
}

/** What a transport needs to know of the service that it runs over. */
export interface ServiceParts {
  readonly framing: Framing;
  readonly conduct: PeerConduct;
  /** New messages, each of which a session may have to look at. */
  readonly messages: PeerIntake;
}

const partsOfService = new WeakMap<object, ServiceParts>();

/**
 * gossipsub as de-MLS needs it, for the `pubsub` service of a libp2p node of your own: messages without author or
 * signature (packets are authenticated by MLS, and a signature would say who sent them), their id a hash of their
 * data (and of their topic, but for Waku's), and scores of peers that count what the transport's validation finds.
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
    const service = gossipsub({
      globalSignaturePolicy: StrictNoSign,
      msgIdFn: ({ topic, data }) => messageId(topic, data),
      msgIdToStrFn: bytesToHex,
      seenTTL: SEEN_MS,
      fallbackToFloodsub: false,
      maxInboundDataLength: MAX_RPC_BYTES,
      // Streams that are not the last one a peer has opened are of no use.
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
        // More than ten peers at one IP address are a group on one machine, or behind one router.
        IPColocationFactorWeight: 0,
      },
      scoreThresholds: {
        gossipThreshold: SCORE_OUT / 4,
        publishThreshold: SCORE_OUT / 2,
        graylistThreshold: SCORE_OUT,
      },
    })(components);
    // Its option `protocols` has no effect in 17.1.1; what stands here when the node starts has.
    if (framing.protocols) service.protocols = [...framing.protocols];
    sendInParts(service as SendingGossipSub, MAX_MESSAGE_BYTES);
    readInTurn(service as ReadingGossipSub, [new PeerIntake(options.clock, RPC_LIMITS), messages], conduct);
    tagMeshPeers(service as MeshGossipSub, components.peerStore);
    conduct.onOut((peerId) => abortConnections(components, peerId));
    partsOfService.set(service, { framing, conduct, messages });
    return service;
  };
}

function abortConnections({ connectionManager }: GossipSubComponents, peerId: string): void {
  for (const connection of connectionManager.getConnections())
    if (String(connection.remotePeer) === peerId)
      connection.abort(new Error("The peer sent too much amiss."));
}

/** @throws DemlsError `foreign-pubsub` for a service that {@link gossipsubService} has not made. */
export function partsOf(service: object | undefined): ServiceParts {
  const parts = service && partsOfService.get(service);
  if (parts) return parts;
  throw new DemlsError("foreign-pubsub", {
    message: "The node's pubsub service was not made by gossipsubService: its settings would not do.",
    field: "node",
    remedy: "Make the node with `services: { identify: identify(), pubsub: gossipsubService({ clock }) }`.",
  });
}
