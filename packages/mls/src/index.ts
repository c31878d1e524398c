/**
 * MLS groups as immutable values: create, join, seal, open, propose a candidate, stage, adopt.
 *
 * @packageDocumentation
 */
export type { OpenOutcome, OpenResult, SealResult } from "./application-message.js";
export type { MlsChange, OwnCandidate, ProposeResult } from "./candidate.js";
export { createMlsService, type MlsServiceOptions, type SignatureKeyPair } from "./create-mls-service.js";
export type { Generations } from "./generations.js";
export type { JoinFlaw, JoinOutcome } from "./join.js";
export {
  MAX_IDENTITY_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  type AddCheck,
  type AddObstacle,
  type KeyPackageFlaw,
  type KeyPackageForm,
  type KeyPackageInspection,
  type KeyPackageSecrets,
  type OwnKeyPackage,
  type Refused,
  type ValidKeyPackage,
} from "./key-package.js";
export type { MessageDescription } from "./message-description.js";
export type { MlsGroup } from "./mls-group.js";
export type { CreateGroupOptions, MlsService } from "./mls-service.js";
export type { UnprotectFlaw } from "./private-message.js";
export type { MlsAction, StagedCommit, StageFlaw, StageOutcome, StageResult } from "./staging.js";
export { STRICT_MARKER } from "./strict-marker.js";
