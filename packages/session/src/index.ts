/**
 * The de-MLS conversation: a value moved by steps, and the observables around it.
 *
 * @packageDocumentation
 */
export {
  compatibilityPolicy,
  type CompatibilityMode,
  type CompatibilityPolicy,
} from "./model/compatibility.js";
export { conversationConfig, defaultConversationConfig, type ConversationConfig } from "./model/config.js";
export type { Conversation, ProposeOptions } from "./user/conversation.js";
export type { ConversationEndedError } from "./runtime/conversation-errors.js";
export type { Effect } from "./model/effect.js";
export type { ConversationPlugins, Environment } from "./model/environment.js";
export type { CommittedChange, ConversationEvent } from "./model/event.js";
export type {
  IgnoredReason,
  InboundOutcome,
  InboundReport,
  RejectedReason,
} from "./model/inbound-outcome.js";
export type { Command, CreatorVote, Input } from "./model/input.js";
export type { MembershipCall } from "./user/membership-call.js";
export type { EventOfKind, NextEventOptions } from "./user/next-event.js";
export type { NextStateOptions } from "./user/next-state.js";
export type {
  ConversationSnapshot,
  MemberRole,
  MemberSnapshot,
  ProposalSnapshot,
  StewardListSnapshot,
  VoteSnapshot,
} from "./view/snapshot.js";
export { LIMITS } from "./model/limits.js";
export type { EmergencyEvidence, ChangeRequest } from "./model/request.js";
export type { DecisionResult, EndReason, GroupPhase, Phase } from "./model/phase.js";
export {
  createdConversation,
  isActive,
  pendingJoin,
  type Active,
  type ConversationSeed,
  type ConversationState,
  type Ended,
  type GroupSeed,
  type PendingJoin,
} from "./model/state.js";
export type { ApprovedChange, Changes, PendingUpdate } from "./model/changes.js";
export type { Commit, HeldCandidate } from "./model/commit.js";
export type { Epoch } from "./model/epoch.js";
export type { Joining, Sync } from "./model/joining.js";
export type {
  BufferedPacket,
  Chat,
  Inbound,
  Leave,
  Outbox,
  OutboxEntry,
  QueuedMessage,
} from "./model/messages.js";
export type { Scores, Stewards } from "./model/stewards.js";
export type {
  BufferedProposal,
  BufferedVote,
  DefaultVoteTimer,
  ObservedProposal,
  OpenVote,
  PendingSignature,
  SigningPurpose,
  Votes,
} from "./model/votes.js";
export type {
  InspectedBuffer,
  InspectedCandidate,
  ConversationInspection,
  InspectedDeadline,
  InspectedRequest,
  InspectedVote,
} from "./view/inspection.js";
export type { TimerKind } from "./step/timers.js";
export { replayTrace, type Replay, type ReplayDifference } from "./trace/replay.js";
export type { SentMessage } from "./user/sent-messages.js";
export { step, type StepResult } from "./step/step.js";
export type { Identity } from "./user/identity.js";
export type { SubtopicHandler } from "./runtime/subtopic-handlers.js";
export { decodeTraceRecord, encodeTraceRecord, type DecodedTraceRecord } from "./trace/codec.js";
export type { TracedCommand, TracedInput, TraceRecord } from "./trace/record.js";
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
} from "./model/traced-decision.js";
export type { LifecycleEvent } from "./user/registry.js";
export type { EventHandler } from "./runtime/event-feed.js";
export { storedSignatureKeyPair } from "./storage/user-store.js";
export { createUserFrom, type User } from "./user/user.js";
export type {
  ConversationOptions,
  CreateConversationOptions,
  JoinConversationOptions,
  UserOptions,
  UserPlugins,
} from "./user/options.js";
