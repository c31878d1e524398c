/**
 * Invitations and the way in by one, without a conversation: `@demls/join`.
 *
 * @packageDocumentation
 */
export * from "@demls/join";
