/**
 * Invitations to conversations: their texts, their checks, the proof that a joiner holds one, and the
 * question by which its holder finds members.
 *
 * @packageDocumentation
 */
export * from "./answerer/answerer.js";
export type { GroupMark, MemberKnowledge } from "./answerer/knowledge.js";
export * from "./answerer/step-answerer.js";
export * from "./attempt/attempt.js";
export { FIRST_PROGRESS } from "./attempt/attempt-progress.js";
export * from "./attempt/attempt-state.js";
export type { JoinAnswer, JoinAnswers } from "./attempt/answers.js";
export {
  checkedDeadline,
  type NoReadyPeersError,
  type NotLetInError,
  type NotLetInCode,
} from "./attempt/errors.js";
export * from "./attempt/progress.js";
export type { ProberPorts } from "./attempt/prober.js";
export * from "./attempt/step-attempt.js";
export * from "./confirmation.js";
export * from "./deputies.js";
export * from "./error-code.js";
export * from "./invitation.js";
export { decodeInvitation, encodeInvitation, type DecodedInvitation } from "./invitation-codec.js";
export type { InvitationFlaw, InvitationInvalidError } from "./invitation-errors.js";
export * from "./invitation-statement.js";
export * from "./issue-invitation.js";
export * from "./limits.js";
export * from "./member-key.js";
export * from "./open-readiness.js";
export * from "./parse-invitation.js";
export * from "./probe.js";
export {
  READINESS_BYTES,
  type InvitationEnd,
  type Readiness,
  type RequestState,
  type RequestStatus,
} from "./readiness-codec.js";
export { isAnswerTo } from "./readiness-seal.js";
export * from "./redemption.js";
export * from "./seal-readiness.js";
export * from "./verify-invitation.js";
export type { LeafChecks, SignByLeaf, VouchedKey } from "./vouched-key.js";
export * from "./withdrawal.js";
