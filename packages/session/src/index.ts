/**
 * The de-MLS conversation: a value moved by steps, and the observables around it.
 *
 * @packageDocumentation
 */
export { compatibilityPolicy, type CompatibilityMode, type CompatibilityPolicy } from "./compatibility.js";
export { conversationConfig, defaultConversationConfig, type ConversationConfig } from "./config.js";
export type { Conversation, ProposeOptions } from "./conversation.js";
export type { ConversationEndedError } from "./conversation-errors.js";
export type { Effect } from "./effect.js";
export type { ConversationPlugins, Environment } from "./environment.js";
export type { CommittedChange, ConversationEvent, DecisionResult, EndReason } from "./event.js";
export type { IgnoredReason, InboundOutcome, InboundReport, RejectedReason } from "./inbound-outcome.js";
export type { Command, CreatorVote, Input } from "./input.js";
export type { MembershipCall } from "./membership-call.js";
export type { EventOfKind, NextEventOptions } from "./next-event.js";
export type { NextStateOptions } from "./next-state.js";
export type {
  ConversationSnapshot,
  MemberRole,
  MemberSnapshot,
  ProposalSnapshot,
  StewardListSnapshot,
  VoteSnapshot,
} from "./snapshot.js";
export { LIMITS } from "./limits.js";
export {
  initialState,
  type ApprovedProposal,
  type AutoVote,
  type ConversationSeed,
  type ConversationState,
  type EarlyPacket,
  type EarlyProposal,
  type EarlyVote,
  type HeldCandidate,
  type HeldMessage,
  type OutboxEntry,
  type PendingSignature,
  type PendingUpdate,
  type Phase,
  type SigningPurpose,
} from "./state.js";
export type { HeardProposal } from "./heard-proposals.js";
export type {
  BufferPicture,
  CandidatePicture,
  ConversationPicture,
  DeadlinePicture,
  RequestPicture,
  VotePicture,
} from "./picture.js";
export type { DueWork } from "./deadlines.js";
export { replayTrace, type Replay, type ReplayDifference } from "./replay.js";
export type { SentMessage } from "./sent-messages.js";
export { step, type StepResult } from "./step.js";
export type { Identity } from "./identity.js";
export type { SubtopicHandler } from "./subtopic-handlers.js";
export { decodeTraceRecord, encodeTraceRecord, type DecodedTraceRecord } from "./trace-codec.js";
export type { TracedCommand, TracedInput, TraceRecord } from "./trace-record.js";
export type {
  AbandonReason,
  AutomaticOperation,
  CandidateChoiceReason,
  CandidateDropReason,
  DefaultVoteReason,
  HeldBackReason,
  Obstacle,
  PhaseReason,
  StewardsCause,
  TracedDecision,
} from "./traced-decision.js";
export type { LifecycleEvent } from "./conversation-registry.js";
export type { EventHandler } from "./event-feed.js";
export { storedSignatureKeyPair } from "./persistence/user-store.js";
export { createUserFrom, type User } from "./user.js";
export type {
  ConversationOptions,
  CreateConversationOptions,
  JoinConversationOptions,
  UserOptions,
  UserPlugins,
} from "./user-options.js";
