/**
 * The gossipsub transport with its own libp2p node over TCP and WebSocket.
 *
 * @packageDocumentation
 */
export type { ConnectionState, DroppedPackets, TopicState } from "../connection-state.js";
export type { FramingName } from "../framing.js";
export type { GossipsubTransport } from "../gossipsub-transport.js";
export type { WakuStores } from "../waku-stores.js";
export type { DialledAddress } from "./dialled-address.js";
export type { KnownPeer } from "./known-peer.js";
export {
  startGossipsub,
  type GossipsubNodeTransport,
  type NodeConnectionState,
  type StartGossipsubOptions,
} from "./start-gossipsub.js";
