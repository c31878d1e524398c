/**
 * Members as values, driven step by step: real cryptography, clocks that move when told to, and packets
 * that arrive as a test wants them to.
 */
export * from "./world/acts.js";
export * from "./world/garden.js";
export * from "./world/members.js";
export * from "./world/views.js";
export * from "./world/world.js";
export * from "./world/agreement.js";
