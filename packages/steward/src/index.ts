/**
 * Who may commit, in what order, and which commit candidate wins: deterministic, pure, and the same at every
 * member.
 *
 * @packageDocumentation
 */
export * from "./commit-candidate.js";
export * from "./deterministic-steward-list.js";
export * from "./steward-list-config.js";
export * from "./steward-list-plugin.js";
export * from "./steward-list.js";
export * from "./steward-state.js";
