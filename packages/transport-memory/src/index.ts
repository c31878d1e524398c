/**
 * A `Transport` between members of one process that share only copied bytes.
 *
 * @packageDocumentation
 */
export * from "./memory-network.js";
export type { DelayOf, DelayRange } from "./delivery-delay.js";
export type { HistoryBounds } from "./packet-history.js";
export type { Route } from "./route.js";
