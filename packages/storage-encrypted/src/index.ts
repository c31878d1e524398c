/**
 * Encryption at rest for any storage.
 *
 * @packageDocumentation
 */
export * from "./encrypted-storage.js";
export * from "./error-code.js";
export type { ScryptCost, StorageSecret } from "./key-record.js";
