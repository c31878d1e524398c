/**
 * Stewards, their order, and the ranking of commit candidates: deterministic and pure, so equal at every member.
 *
 * @packageDocumentation
 */
export * from "./commit-candidate.js";
export * from "./deterministic-steward-list.js";
export * from "./steward-list-config.js";
export * from "./steward-list-plugin.js";
export * from "./steward-list.js";
export * from "./steward-state.js";
