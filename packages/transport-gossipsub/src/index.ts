/**
 * A de-MLS transport over libp2p gossipsub, for a node of your own. `@demls/transport-gossipsub/node` creates a node
 * too.
 *
 * @packageDocumentation
 */
export type { ConnectionState, DroppedPackets, TopicState } from "./connection-state.js";
export type { GossipsubErrorCode } from "./error-code.js";
export type { FramingName } from "./framing.js";
export { gossipsubService, type GossipsubServiceOptions } from "./gossipsub-service.js";
export {
  createGossipsubTransport,
  type GossipsubNode,
  type GossipsubTransport,
  type GossipsubTransportOptions,
} from "./gossipsub-transport.js";
export { WAKU_RELAY_PROTOCOL } from "./waku-framing.js";
export { wakuMessageFromJson, wakuMessageToJson } from "./waku-json.js";
export type { WakuMessage } from "./waku-message.js";
export { contentTopicOf, packetOfWakuMessage, wakuMessageOf, type ContentTopicParts } from "./waku-packet.js";
export type { WakuStores } from "./waku-stores.js";
export { WAKU_PUBSUB_TOPIC } from "./waku-topic.js";
