/** A transport over TCP, and its relay. */
export { startRelay, type Relay } from "./relay.js";
export { connectToRelay, type RelayTransport } from "./relay-transport.js";
