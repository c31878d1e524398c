/**
 * Peer scores: the cost of events, and members at the threshold. Pure functions over plain data.
 *
 * @packageDocumentation
 */
export * from "./emergency.js";
export { MAX_SCORE, MIN_SCORE } from "./int64.js";
export * from "./member-diff.js";
export * from "./peer-score-storage.js";
export * from "./peer-scoring-plugin.js";
export * from "./peer-scoring.js";
export * from "./score-event.js";
export * from "./scoring-config.js";
export * from "./scoring-state.js";
