/**
 * For tests: a clock that moves when told to, random bytes that come back the same for the same seed, fakes of
 * MLS and of vote signing, and contracts for implementations of one's own. Not for production.
 *
 * @packageDocumentation
 */
export * from "./seeded-random.js";
export * from "./virtual-clock.js";
export { createFakeMlsService, type FakeMlsServiceOptions } from "./fake-mls/fake-mls-service.js";
export {
  createGenerationLedger,
  type GenerationLedger,
  type SpentGeneration,
} from "./fake-mls/generation-ledger.js";
export { createFakeSigner, fakeVoteVerifier, type FakeSigner } from "./fake-signer.js";
export type { ContractCase } from "./contract/contract-case.js";
export type { ContractMlsOptions, CreateMlsService } from "./contract/mls-members.js";
export { mlsServiceContract } from "./contract/mls-service-contract.js";
export { storageContract, type CreateStorage, type ReopenStorage } from "./contract/storage-contract.js";
