/**
 * The gossipsub transport with a libp2p node of its own, over TCP and WebSocket.
 *
 * @packageDocumentation
 */
export {
  startGossipsub,
  type GossipsubNodeTransport,
  type StartGossipsubOptions,
} from "./start-gossipsub.js";
