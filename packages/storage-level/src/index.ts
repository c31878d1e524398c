/**
 * A storage over LevelDB on Node and IndexedDB in browsers.
 *
 * @packageDocumentation
 */
export * from "./error-code.js";
export * from "./open-level-storage.js";
