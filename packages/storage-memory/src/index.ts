/**
 * A storage in memory.
 *
 * @packageDocumentation
 */
export * from "./memory-storage.js";
