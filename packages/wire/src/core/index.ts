/**
 * The vocabulary that all layers share, without dependencies: member ids, errors, packets, and the ports for transport,
 * storage, time and randomness.
 *
 * @packageDocumentation
 */
export * from "./bytes.js";
export * from "./claimed-name.js";
export * from "./clock.js";
export * from "./error.js";
export * from "./member-id.js";
export * from "./packet.js";
export * from "./random.js";
export * from "./settings.js";
export * from "./storage.js";
export * from "./tls.js";
export * from "./transport.js";
