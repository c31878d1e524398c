/**
 * Invitations to conversations: their texts, their checks, and the proof that a joiner holds one.
 *
 * @packageDocumentation
 */
export * from "./error-code.js";
export * from "./invitation.js";
export { decodeInvitation, encodeInvitation, type DecodedInvitation } from "./invitation-codec.js";
export type { InvitationFlaw, InvitationInvalidError } from "./invitation-errors.js";
export * from "./invitation-statement.js";
export * from "./issue-invitation.js";
export * from "./member-key.js";
export * from "./parse-invitation.js";
export * from "./redemption.js";
export * from "./verify-invitation.js";
