import type { ConsensusMistakeCode } from "../error-code.js";

/** Codes of the errors that `@demls/consensus/service` throws: these, and those of `ConsensusMistakeCode`. */
export type ConsensusServiceMistakeCode =
  | ConsensusMistakeCode
  /** A setting of `ScopeConfig` is unknown or out of its range; `field` names it. */
  | "invalid-scope-config"
  /** `maxQueued` of an event queue is not a whole number of at least 1. */
  | "invalid-max-queued"
  /** A stored record of a session or of a configuration cannot be read. */
  | "corrupt-storage"
  /** A vote of this owner is counted already. */
  | "duplicate-vote"
  /** The vote would exceed the rounds of the proposal. */
  | "max-rounds-exceeded";
