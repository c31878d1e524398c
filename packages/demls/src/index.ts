/**
 * de-MLS with default layers: end-to-end encrypted group conversations without a server. `demls/join` exports
 * invitations, with the types of an attempt and of its errors, `demls/trace` trace records and replay, `demls/step` the step function for simulations.
 *
 * @packageDocumentation
 */
export { createUser, type CreateUserOptions } from "./create-user.js";
export type { DemlsErrorCode } from "./error-code.js";
export { parseInvitation, type JoinProgress } from "@demls/join";
export { platformClock } from "./platform-clock.js";
export { platformRandom } from "./platform-random.js";
export {
  admitAll,
  admitMembers,
  admitInvited,
  askAlways,
  conversationConfig,
  defaultConversationConfig,
  toJson,
  type AdmissionDecision,
  type AdmissionPolicy,
  type ArrivalSnapshot,
  type AskReason,
  type ChangeRequest,
  type ChatMessage,
  type CommittedChange,
  type CompatibilityMode,
  type Conversation,
  type ConversationAdmin,
  type ConversationConfig,
  type ConversationEndedError,
  type ConversationEvent,
  type ConversationHistory,
  type ConversationOptions,
  type ConversationSnapshot,
  type CreateConversationOptions,
  type CreatorVote,
  type DecisionResult,
  type EmergencyEvidence,
  type EndReason,
  type ErrorEventCode,
  type EventHandler,
  type EventOfKind,
  type EventsOptions,
  type GroupAssurance,
  type JoinAttempt,
  type JoinOptions,
  type JoinRequest,
  type JsonReady,
  type LifecycleEvent,
  type MemberRole,
  type MembershipCall,
  type MemberSnapshot,
  type NamedConversation,
  type NextEventOptions,
  type NextStateOptions,
  type Phase,
  type ProposalSnapshot,
  type ProposeOptions,
  type RequestSnapshot,
  type RenewKeysOptions,
  type SentMessage,
  type StewardListSnapshot,
  type SubtopicHandler,
  type User,
  type UserPlugins,
  type Violation,
  type VoteSnapshot,
} from "@demls/session";
// Default layers and their settings, to wrap a layer or change its settings.
export {
  consensusConfig,
  createEthereumSigner,
  createEthereumVerifier,
  createHashgraphConsensus,
  createStewardConsensus,
  ethereumVerifier,
  defaultConsensusConfig,
  p2pConsensusConfig,
  type ConsensusConfig,
  type ConsensusPlugin,
  type ConsensusSigner,
  type VoteVerifier,
} from "@demls/consensus";
export { createMlsService, type MlsService } from "@demls/mls";
export {
  createPeerScoring,
  defaultScoreDeltas,
  defaultScoringConfig,
  scoreDeltas,
  scoringConfig,
  type PeerScoringPlugin,
  type ScoreDeltas,
  type ScoringConfig,
} from "@demls/scoring";
export {
  createDeterministicStewardList,
  defaultStewardListConfig,
  stewardListConfig,
  type StewardListConfig,
  type StewardListPlugin,
} from "@demls/steward";
export { createMemoryStorage } from "@demls/storage-memory";
export { createMemoryNetwork } from "@demls/transport-memory";
export {
  DemlsError,
  memberIdFromBytes,
  memberIdToBytes,
  parseMemberId,
  type Clock,
  type HistoryOptions,
  type MemberId,
  type Packet,
  type RandomSource,
  type Storage,
  type StorageOperation,
  type Transport,
} from "@demls/wire/core";
