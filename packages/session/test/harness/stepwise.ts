/**
 * Members as values, driven step by step: real cryptography, clocks that move when told to, and packets
 * that arrive as a test wants them to.
 */
export * from "./commands.js";
export * from "./gather.js";
export * from "./members.js";
export * from "./views.js";
export * from "./world.js";
export * from "./agreement.js";
