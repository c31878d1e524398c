import type { ConversationConfig } from "./config.js";

/**
 * Who may be in a conversation, fixed when it is created.
 *
 * - `"de-mls-3"`: members that run the Rust crate de-mls 3.0.0 may take part, so whatever must be
 *   the same everywhere is decided by that crate's rules.
 * - `"strict"`: only members of this project. The group itself requires it by MLS's own means
 *   (required_capabilities), so that a 3.0.0 key package is refused.
 */
export type CompatibilityMode = "de-mls-3" | "strict";

/** Everything that differs between the two modes, in one place. */
export interface CompatibilityPolicy {
  readonly mode: CompatibilityMode;
  /** Whether the group's context carries the strict marker. */
  readonly marksGroup: boolean;
  /**
   * How long after a proposal opened a member settles it by the votes it has. In 3.0.0 only the
   * owner does, and peers keep an undecided session for good (weakness W3); so that the owner's
   * word comes first where 3.0.0 members listen, others wait longer.
   */
  consensusDeadlineMs(config: ConversationConfig, isOwner: boolean): number;
}

const PEER_PATIENCE = 1.5;

const deMls3: CompatibilityPolicy = {
  mode: "de-mls-3",
  marksGroup: false,
  consensusDeadlineMs: (config, isOwner) => config.consensusTimeoutMs * (isOwner ? 1 : PEER_PATIENCE),
};

const strict: CompatibilityPolicy = {
  mode: "strict",
  marksGroup: true,
  consensusDeadlineMs: (config) => config.consensusTimeoutMs,
};

/** The policy of a mode. */
export function compatibilityPolicy(mode: CompatibilityMode): CompatibilityPolicy {
  return mode === "strict" ? strict : deMls3;
}
