import type { ConsensusMistakeCode } from "@demls/consensus";
import type { JoinErrorCode } from "@demls/join";
import type { SessionErrorCode } from "@demls/session";

/**
 * Error codes of `demls` and of the packages that it depends on, including `SessionErrorCode`,
 * `JoinErrorCode` and `ConsensusMistakeCode`. A transport or storage of another package may have codes of its own.
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
  | JoinErrorCode
  | ConsensusMistakeCode
  // Of this package.
  /** A user has neither a `key` nor a `signer`. */
  | "missing-key"
  // Of @demls/wire.
  /** A text has a lone surrogate; `field` names it. */
  | "invalid-text"
  /** A limit of bytes is not a whole number from 0 up. */
  | "invalid-limit"
  /** A member id is not hexadecimal. */
  | "invalid-member-id"
  /** A history would begin at a time that is not a finite number. */
  | "invalid-since"
  /** A user has no transport. */
  | "missing-transport"
  // Of @demls/mls.
  /** The MLS library could not make the commit. */
  | "commit-failed"
  /** The bytes are not an encoded group. */
  | "corrupt-group"
  /** A commit would remove a member twice. */
  | "duplicate-removal"
  /** Another implementation of MLS made the group. */
  | "foreign-group"
  /** An AES-128-GCM key is not 16 bytes, or its nonce not 12; `field` names it. */
  | "invalid-aead-key"
  /** Nothing can be encrypted to an X25519 public key; it is not of 32 bytes, or of small order. */
  | "invalid-hpke-key"
  /** The name that a leaf is to claim is no line of text of at most 64 bytes. */
  | "invalid-claimed-name"
  /** The length of an exported secret is not a whole number from 1 to 255. */
  | "invalid-export-length"
  /** An identity proof has more than 256 bytes. */
  | "invalid-identity-proof"
  /** The signature key pair is not a raw Ed25519 key pair. */
  | "invalid-signature-key"
  /** The commit removes this member, which cannot merge it. */
  | "removed"
  /** MLS itself signs with the label. */
  | "reserved-label"
  /** A committer cannot remove itself (RFC 9420, section 12.2). */
  | "self-removal"
  /** The commit belongs to another epoch or group. */
  | "stale-commit"
  /** The MLS service has only ciphersuite 0x0001. */
  | "unsupported-ciphersuite"
  /** A new group requires an extension type that its creator does not support; `field` is `requiredExtensions`. */
  | "unsupported-extension"
  // Of @demls/steward and @demls/scoring.
  /** A score delta is unknown, or not a signed 64-bit bigint; `field` names it. */
  | "invalid-score-deltas"
  /** A setting of `ScoringConfig` is unknown, or not a signed 64-bit bigint; `field` names it. */
  | "invalid-scoring-config"
  /** The steward list may not have this number of stewards. */
  | "invalid-steward-list-size"
  /** A steward list has no candidates. */
  | "no-steward-candidates"
  // Of @demls/transport-memory.
  /** The delay of a memory network is not a range of finite milliseconds. */
  | "invalid-delay"
  /** A bound of `history` of a memory network is not a whole number of at least 1; `field` names it. */
  | "invalid-history"
  /** `maxInFlight` of a memory network is not a whole number of at least 1. */
  | "invalid-max-in-flight"
  /** No other member of a memory network is subscribed to the conversation. */
  | "no-peers"
  /** A memory network with delays or a history has no clock. */
  | "missing-clock"
  /** A memory network with random delays has no random source. */
  | "missing-random"
  /** More deliveries than `maxInFlight` would be pending. */
  | "too-many-in-flight"
  /** The transport was closed. */
  | "transport-closed";
