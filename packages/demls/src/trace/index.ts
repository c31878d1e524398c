/**
 * Looking inside a conversation: `@demls/session/trace`.
 *
 * @packageDocumentation
 */
export * from "@demls/session/trace";
