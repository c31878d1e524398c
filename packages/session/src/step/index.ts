/**
 * The step function of a conversation: takes a state and an input, and returns the next state and its effects. For
 * simulations, tests and replays; applications use the users and conversations of `@demls/session`.
 *
 * @packageDocumentation
 */
export { compatibilityPolicy, type CompatibilityPolicy } from "../model/compatibility.js";
export type { ChatMessage, UnplacedMessage } from "../model/chat-message.js";
export type { Effect } from "../model/effect.js";
export type { ConversationPlugins, Environment } from "../model/environment.js";
export type { Command, Input } from "../model/input.js";
export { LIMITS } from "../model/limits.js";
export type { Branches, EpochState, Fork } from "../model/branches.js";
export type { ApprovedChange, Changes, Consent, PendingUpdate } from "../model/changes.js";
export type { Commit, HeldCandidate } from "../model/commit.js";
export type { Epoch } from "../model/epoch.js";
export type { Equivocation, Evidence } from "../model/evidence.js";
export type { Identities } from "../model/identities.js";
export type { Admission, Joining, KeptWelcome, Sync } from "../model/joining.js";
export type {
  BufferedPacket,
  Chat,
  Inbound,
  Leave,
  Outbox,
  OutboxEntry,
  QueuedMessage,
  SentChat,
} from "../model/messages.js";
export type { GroupPhase } from "../model/phase.js";
export type {
  AnswerQuota,
  CatchUp,
  ChosenBy,
  DepartedEpoch,
  Heard,
  LoggedPacket,
  PacketSlot,
  PendingAnswer,
  Repair,
  RepairEpoch,
  RepairRequest,
  TrickleTimer,
  UnconfirmedHeight,
  VoidGenerations,
} from "../model/repair.js";
export type { Keys } from "../model/keys.js";
export type { Presence } from "../model/presence.js";
export type { Ban, Bans } from "../model/bans.js";
export type { Invitations, KnownInvitation } from "../model/invitations.js";
export type { Refusal, Refusals } from "../model/refusals.js";
export type { EpochResult, Reckoning, RecordSlice } from "../model/record.js";
export type { Rejoin, RequestedRejoin } from "../model/rejoin.js";
export { requestFromWire, requestToWire } from "../model/request.js";
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
} from "../model/state.js";
export type { Scores, Stewards } from "../model/stewards.js";
export type {
  BufferedProposal,
  BufferedVote,
  DefaultVoteTimer,
  ObservedProposal,
  OpenVote,
  PendingSignature,
  SigningPurpose,
  Votes,
} from "../model/votes.js";
export { step, type StepResult } from "./step.js";
