/**
 * MLS groups as immutable values: create, join, seal, open, create a candidate, stage, merge.
 *
 * @packageDocumentation
 */
export { LEAF_BINDING } from "./client/leaf-binding-type.js";
export { MAX_KEY_SINCE, type SignatureKeyPair } from "./client/signature-key.js";
export { STRICT_MARKER } from "./client/strict-marker.js";
export type { CandidateOptions, CandidateResult, MlsChange, OwnCandidate } from "./commit/candidate.js";
export type {
  MlsAction,
  StagedCommit,
  StageRejectReason,
  StageOutcome,
  StageResult,
} from "./commit/staged-commit.js";
export { createMlsService, type MlsServiceOptions } from "./create-mls-service.js";
export type { OpenOutcome, OpenResult, SealResult } from "./framing/application-message.js";
export type { MessageDescription } from "./framing/message-description.js";
export type { UnprotectRejectReason } from "./framing/private-message.js";
export type { CreateGroupOptions } from "./group/create-group.js";
export type { Generations, ReceivedGenerations, SkippedGenerations } from "./group/generations.js";
export type { MlsGroup, RosterEntry } from "./group/mls-group.js";
export {
  MAX_IDENTITY_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  type AddCheck,
  type AddRejectReason,
  type KeyPackageRejectReason,
  type KeyPackageEncoding,
  type KeyPackageInspection,
  type KeyPackageSecrets,
  type OwnKeyPackage,
  type Rejected,
  type ReplaceCheck,
  type ValidKeyPackage,
} from "./key-package/key-package.js";
export {
  MAX_IDENTITY_PROOF_BYTES,
  isBoundElsewhere,
  leafName,
  MAX_REPLACED_LEAVES,
  succeedsKey,
  type BoundGroup,
  type LeafBinding,
  type OwnLeafOptions,
} from "./key-package/leaf-binding.js";
export type { HpkeKeyPair, HpkeSealed } from "./crypto/sealed-to-key.js";
export type { MlsService } from "./mls-service.js";
export type { JoinRejectReason, JoinOutcome } from "./welcome/join.js";
