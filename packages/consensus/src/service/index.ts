/**
 * Votes without a conversation: a service over a storage, an event bus and a signer. For applications that vote without
 * `@demls/session`, which stores its votes itself.
 *
 * @packageDocumentation
 */
export type { ConsensusBackend } from "./backend.js";
export {
  proposalIdOf,
  sessionConfig,
  withoutSession,
  withSession,
  type ConsensusSession,
} from "./consensus-session.js";
export type { ConsensusStorage, SessionsChange } from "./consensus-storage.js";
export { createConsensusService } from "./create-service.js";
export type { ConsensusServiceMistakeCode } from "./error-code.js";
export {
  createConsensusEventBus,
  type ConsensusEvent,
  type ConsensusEventBus,
  type ConsensusObserver,
  type ConsensusSubscription,
} from "./event-bus.js";
export { queueEvents, type ConsensusEventQueue } from "./event-queue.js";
export { createMemoryConsensusStorage } from "./memory-consensus-storage.js";
export {
  FAST_CONSENSUS,
  GOSSIPSUB_SCOPE,
  networkDefaults,
  P2P_SCOPE,
  scopeConfig,
  STRICT_CONSENSUS,
  type ScopeConfig,
} from "./scope-config.js";
export type {
  ConsensusService,
  ConsensusServiceOptions,
  CreateProposalRequest,
  IncomingOutcome,
  TimeoutOutcome,
} from "./service.js";
export type { ConsensusStatistics } from "./statistics.js";
export { createStoredConsensusStorage } from "./stored-consensus-storage.js";
