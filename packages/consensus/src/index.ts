/**
 * Hashgraph-like consensus as values: signed votes on proposals, tallies and thresholds. Time, randomness and keys are
 * arguments. `@demls/consensus/service` is a service that stores these values, for voting without a conversation.
 *
 * @packageDocumentation
 */
export type { ChangeRequest, EmergencyEvidence, Violation } from "./change-request.js";
export {
  consensusConfig,
  defaultConsensusConfig,
  p2pConsensusConfig,
  type ConsensusConfig,
  type NetworkType,
  type ProposalConfig,
} from "./config.js";
export type { ConsensusErrorCode, ConsensusMistakeCode } from "./error-code.js";
export { addressFromPublicKey, checksumAddress } from "./ethereum-address.js";
export { canonicalSignature } from "./ethereum-signature.js";
export { createEthereumSigner, type EthereumSigner } from "./ethereum-signer.js";
export {
  canonicalEthereumVerifier,
  createEthereumVerifier,
  ethereumVerifier,
  type RecoverPublicKey,
} from "./ethereum-verifier.js";
export { createHashgraphConsensus, type HashgraphConsensus, type HashgraphOptions } from "./hashgraph.js";
export type { HashgraphSession } from "./hashgraph-session.js";
export type { HashgraphState } from "./hashgraph-state.js";
export { identityStatement } from "./identity-statement.js";
export { foldProposalId, ID_RANDOM_BYTES, uuidV4 } from "./ids.js";
export {
  calculateConsensusResult,
  hasSufficientVotes,
  requiredVotes,
  type Count,
  type DecisionRule,
} from "./outcome.js";
export type {
  ConsensusContext,
  ConsensusPlugin,
  DeadlineResult,
  Decision,
  IngestResult,
  OpenedProposal,
  OpenProposal,
  Tally,
} from "./plugin.js";
export type { ReceivedVotes } from "./possible-results.js";
export type { ProposalRules } from "./proposal-rules.js";
export { selfLeaveProposalId, selfLeaveProposalName } from "./self-leave.js";
export { canonicalOnly, type ConsensusSigner, type VerifyResult, type VoteVerifier } from "./signing.js";
export {
  computeVoteHash,
  prepareVote,
  voteMessage,
  withSignature,
  type CastVote,
  type UnsignedVote,
} from "./vote.js";
export { createStewardConsensus } from "./steward-consensus.js";
export { majorityResult, type TallyRule } from "./tally-rule.js";
export { validateProposal } from "./validate-proposal.js";
export { validateVote, type ProposalTimes } from "./validate-vote.js";
