/**
 * Test utilities: a virtual clock, reproducible random bytes and network faults, fakes of MLS and of vote signing, and
 * contracts for own implementations. Not for production.
 *
 * @packageDocumentation
 */
export { PERFECT_CONDITIONS, type RouteConditions, type RoutePattern } from "./route-conditions.js";
export { createMortalStorage, type DeathMoment, type MortalStorage } from "./mortal-storage.js";
export * from "./seeded-network.js";
export * from "./seeded-random.js";
export * from "./virtual-clock.js";
export { createFakeMlsService, type FakeMlsServiceOptions } from "./fake-mls/fake-mls-service.js";
export {
  createGenerationLedger,
  type GenerationLedger,
  type SpentGeneration,
} from "./fake-mls/generation-ledger.js";
export { createFakeSigner, fakeVoteVerifier, type FakeSigner } from "./fake-signer.js";
export { consensusContract } from "./contract/consensus-contract.js";
export {
  consensusEventBusContract,
  type CreateConsensusEventBus,
} from "./contract/consensus-event-bus-contract.js";
export { consensusStorageContract } from "./contract/consensus-storage-contract.js";
export type {
  CreateConsensusStorage,
  ReopenConsensusStorage,
} from "./contract/consensus-storage-under-test.js";
export { voteSignerContract, type VoteScheme } from "./contract/vote-signer-contract.js";
export type { ContractCase } from "./contract/contract-case.js";
export type { ContractMlsOptions, CreateMlsService } from "./contract/mls-members.js";
export { mlsServiceContract } from "./contract/mls-service-contract.js";
export { clockContract, type ClockUnderTest, type CreateClock } from "./contract/clock-contract.js";
export { peerScoreStorageContract } from "./contract/peer-score-storage-contract.js";
export { peerScoringContract } from "./contract/peer-scoring-contract.js";
export { randomContract, type CreateRandom } from "./contract/random-contract.js";
export { stewardListContract } from "./contract/steward-list-contract.js";
export { transportContract } from "./contract/transport-contract.js";
export type { CreateTransportNetwork, TransportNetwork } from "./contract/transport-members.js";
export { transportHistoryContract } from "./contract/transport-history-contract.js";
export type { ClosableTransport, CreateHistoryNetwork, HistoryNetwork } from "./contract/history-members.js";
export { storageContract } from "./contract/storage-contract.js";
export type { CreateStorage, ReopenStorage } from "./contract/storage-under-test.js";
