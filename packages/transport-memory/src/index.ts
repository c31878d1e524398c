/**
 * A `Transport` between members of one process, across which only copied bytes pass.
 *
 * @packageDocumentation
 */
export * from "./memory-network.js";
export type { DelayOf, DelayRange } from "./delivery-delay.js";
export type { Route } from "./route.js";
