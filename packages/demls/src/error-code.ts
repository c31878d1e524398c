import type { ConsensusMistakeCode } from "@demls/consensus";
import type { SessionErrorCode } from "@demls/session";

/**
 * Error codes of `DemlsError` in this package and its dependencies. Transports and storages of other packages may use
 * further codes.
 *
 * @example
 * ```ts
 * try {
 *   await garden.send(text);
 * } catch (error) {
 *   if (!(error instanceof DemlsError)) throw error;
 *   const code = error.code as DemlsErrorCode;
 *   if (code === "too-many-messages") later(text);
 * }
 * ```
 */
export type DemlsErrorCode =
  | SessionErrorCode
  | ConsensusMistakeCode
  // From this package.
  | "missing-key"
  // From @demls/wire.
  | "ill-formed-text"
  | "invalid-limit"
  | "invalid-member-id"
  | "missing-transport"
  | "value-out-of-range"
  // From @demls/mls.
  | "commit-failed"
  | "corrupt-group"
  | "duplicate-removal"
  | "foreign-group"
  | "invalid-conversation-name"
  | "invalid-identity"
  | "invalid-key-package"
  | "invalid-signature-key"
  | "no-changes"
  | "not-a-member"
  | "removed"
  | "self-removal"
  | "stale-commit"
  | "unsupported-ciphersuite"
  // From @demls/steward and @demls/scoring.
  | "invalid-score-deltas"
  | "invalid-scoring-config"
  | "invalid-steward-list-config"
  | "invalid-steward-list-size"
  | "no-steward-candidates"
  // From @demls/transport-memory.
  | "invalid-delay"
  | "invalid-max-in-flight"
  | "missing-clock"
  | "missing-random"
  | "too-many-in-flight"
  | "transport-closed";
