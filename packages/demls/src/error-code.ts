import type { ConsensusMistakeCode } from "@demls/consensus";
import type { SessionErrorCode } from "@demls/session";

/**
 * Every `code` of a `DemlsError` that this package or one it depends on makes. A transport or storage of another package
 * may have codes of its own.
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
  // Of this package.
  | "missing-key"
  // Of @demls/wire.
  | "ill-formed-text"
  | "invalid-limit"
  | "invalid-member-id"
  | "missing-transport"
  | "value-out-of-range"
  // Of @demls/mls.
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
  | "unsupported-extension"
  // Of @demls/steward and @demls/scoring.
  | "invalid-score-deltas"
  | "invalid-scoring-config"
  | "invalid-steward-list-config"
  | "invalid-steward-list-size"
  | "no-steward-candidates"
  // Of @demls/transport-memory.
  | "invalid-delay"
  | "invalid-max-in-flight"
  | "missing-clock"
  | "missing-random"
  | "too-many-in-flight"
  | "transport-closed";
