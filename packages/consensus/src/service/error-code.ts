import type { ConsensusMistakeCode } from "../error-code.js";

/** Codes of the errors that `@demls/consensus/service` throws in addition to `ConsensusMistakeCode`. */
export type ConsensusServiceMistakeCode =
  | ConsensusMistakeCode
  /** A setting of `ScopeConfig`, named in `field`, is unknown or out of range. */
  | "invalid-scope-config"
  /** `maxQueued` of an event queue is not a whole number of at least 1. */
  | "invalid-max-queued"
  /** A stored record of a session or of a configuration cannot be read. */
  | "corrupt-storage"
  /** A vote of this owner is already counted. */
  | "duplicate-vote"
  /** The vote would exceed the rounds of the proposal. */
  | "max-rounds-exceeded";
