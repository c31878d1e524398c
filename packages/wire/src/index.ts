/**
 * The messages of de-MLS: closed unions of plain values, encoded byte for byte as by the Rust crate and decoded within
 * bounds; and the vocabulary of `@demls/wire/core`.
 *
 * @packageDocumentation
 */
export * from "./core/index.js";
export { type AppMessage, decodeAppMessage, encodeAppMessage } from "./app-message.js";
export type { CommitCandidate } from "./commit-candidate.js";
export type {
  Ban,
  BanMemory,
  ConversationSync,
  InvitationState,
  Newcomers,
  OpenProposals,
  PeerScore,
  StatedArrival,
  TimingConfig,
} from "./conversation-sync.js";
export {
  type ConversationUpdateRequest,
  decodeConversationUpdateRequest,
  encodeConversationUpdateRequest,
} from "./conversation-update.js";
export { type Decoded, type DecodeFailure, type DecodeOptions, MAX_PACKET_BYTES } from "./decoded.js";
export {
  decodeEpochRecord,
  decodeSealedRecord,
  encodeEpochRecord,
  encodeSealedRecord,
  type EpochRecord,
  type ProposalResult,
  type SealedRecord,
} from "./epoch-record.js";
export { decodeProposal, encodeProposal, type Proposal } from "./proposal.js";
export {
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  encodeRepairMessage,
  encodeRepairPacket,
  encodeSignedRepairMessage,
  type GenerationRange,
  type ChosenCommit,
  type LaterKey,
  type RepairMessage,
  type RepairPacket,
  type SignedRepairMessage,
} from "./repair-message.js";
export { type ViolationEvidence, ViolationType } from "./violation-evidence.js";
export { decodeVote, encodeVote, type Vote } from "./vote.js";
export { decodeWelcomeMessage, encodeWelcomeMessage, type WelcomeMessage } from "./welcome-message.js";
