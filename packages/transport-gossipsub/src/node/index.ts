/**
 * The gossipsub transport with a libp2p node of its own, over TCP and WebSocket.
 *
 * @packageDocumentation
 */
export type { ConnectionState, DroppedPackets, TopicState } from "../connection-state.js";
export type { FramingName } from "../framing.js";
export type { GossipsubTransport } from "../gossipsub-transport.js";
export type { DialledAddress } from "./dialled-address.js";
export {
  startGossipsub,
  type GossipsubNodeTransport,
  type NodeConnectionState,
  type StartGossipsubOptions,
} from "./start-gossipsub.js";
