/**
 * Users and conversations of de-MLS. `@demls/session/step` exports the state of a conversation and its step function,
 * `@demls/session/trace` exports trace records.
 *
 * @packageDocumentation
 */
export type { ChangeRequest, EmergencyEvidence, Violation } from "@demls/consensus";
export type {
  AppliedThrough,
  GroupAssurance,
  JoinProgress,
  JoinStage,
  JoinStarted,
  NamedConversation,
  NoReadyPeersError,
  NotLetInError,
  NotLetInCode,
  ReadyReport,
} from "@demls/join";
export type { CompatibilityMode } from "./model/compatibility.js";
export {
  admitAll,
  admitMembers,
  admitInvited,
  askAlways,
  type AdmissionDecision,
  type AdmissionPolicy,
  type AskReason,
  type JoinRequest,
  type RedeemedInvitation,
} from "./model/admission-policy.js";
export type { ChatMessage } from "./model/chat-message.js";
export { conversationConfig, defaultConversationConfig, type ConversationConfig } from "./model/config.js";
export type { ErrorEventCode, SessionErrorCode } from "./model/error-code.js";
export type { CommittedChange, ConversationEvent, LetIn } from "./model/event.js";
export type { HistoryOption, HistorySetting } from "./model/history-setting.js";
export type { CreatorVote } from "./model/input.js";
export type { DecisionResult, EndReason, Phase } from "./model/phase.js";
export type { ConversationEndedError } from "./runtime/conversation-errors.js";
export type { EventHandler } from "./runtime/event-feed.js";
export type { SubtopicHandler } from "./runtime/subtopic-handlers.js";
export { storedSignatureKeyPair } from "./storage/user-store.js";
export type { ConversationAdmin } from "./user/admin.js";
export type { Conversation, ProposeOptions, RenewKeysOptions } from "./user/conversation.js";
export type { ConversationPeople, InvitationOffer } from "./user/conversation-people.js";
export type { EventsOptions } from "./user/event-iterator.js";
export type { ConversationHistory, MessagePage, MessagesStart } from "./user/message-calls.js";
export type { MembershipCall } from "./user/membership-call.js";
export type { EventOfKind, NextEventOptions } from "./user/next-event.js";
export type { NextStateOptions } from "./user/next-state.js";
export type {
  ConversationOptions,
  CreateConversationOptions,
  UserOptions,
  UserPlugins,
} from "./user/options.js";
export type { LifecycleEvent } from "./user/registry.js";
export type { SentMessage } from "./user/sent-messages.js";
export { createUserFrom } from "./user/create-user.js";
export type { JoinAttempt, JoinOptions } from "./user/join-attempt.js";
export type { User } from "./user/user.js";
export { toJson, type JsonReady } from "./view/json.js";
export type {
  ArrivalSnapshot,
  BanSnapshot,
  InvitationSnapshot,
  RequestSnapshot,
} from "./view/people-snapshots.js";
export type {
  ConversationSnapshot,
  MemberRole,
  MemberSnapshot,
  StewardListSnapshot,
} from "./view/snapshot.js";
export type { SentSnapshot } from "./view/sent-snapshots.js";
export type { ProposalSnapshot, VoteSnapshot } from "./view/vote-snapshots.js";
