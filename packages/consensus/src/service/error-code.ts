import type { ConsensusMistakeCode } from "../error-code.js";

/** The codes of the `DemlsError`s that a service and its parts throw: mistakes of the caller, never of the network. */
export type ConsensusServiceMistakeCode =
  | ConsensusMistakeCode
  | "invalid-scope-config"
  | "invalid-max-queued"
  | "corrupt-storage"
  | "duplicate-vote"
  | "max-rounds-exceeded";
