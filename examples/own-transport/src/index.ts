/** A transport over TCP, and the relay that it needs. */
export { startRelay, type Relay } from "./relay.js";
export { connectToRelay, type RelayTransport } from "./relay-transport.js";
