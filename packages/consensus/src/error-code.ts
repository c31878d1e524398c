/**
 * Why a proposal or vote from the network was not taken, or a deadline not applied.
 *
 * Each code stands for the condition under which hashgraph-like-consensus 0.4.0 returns the error of the
 * same name (`src/error.rs`; kebab-case of its variants). One input can have several faults: the code is
 * that of the first check to fail, in the reference's order.
 */
export type ConsensusErrorCode =
  /** A session with this proposal id is remembered already. */
  | "proposal-already-exist"
  /** The wall clock has reached the proposal's expiration. */
  | "proposal-expired"
  /** A bundled vote names another proposal. */
  | "vote-proposal-id-mismatch"
  | "empty-vote-owner"
  | "empty-vote-hash"
  | "empty-signature"
  /** The vote hash is not the hash of the vote's fields. */
  | "invalid-vote-hash"
  /** The verifier could not read identity or signature ("malformed"). */
  | "signature-scheme"
  /** Well-formed, but not the owner's signature over this vote. */
  | "invalid-vote-signature"
  /** The vote claims to be older than its proposal. */
  | "timestamp-older-than-creation-time"
  /** The vote is stamped, or the wall clock is, after the proposal's expiration. */
  | "vote-expired"
  /** A bundled vote links to another vote than the one before it, or to a later one. */
  | "received-hash-mismatch"
  /** A bundled vote's parent is not an earlier vote of the same owner. */
  | "parent-hash-mismatch"
  /** This owner's vote is counted already. */
  | "duplicate-vote"
  /** More votes at once than expected voters, or more rounds than configured. */
  | "max-rounds-exceeded"
  /** The session failed; it takes no more votes. */
  | "session-not-active"
  /** No session with this proposal id is remembered: never seen, forgotten or displaced. */
  | "session-not-found";

/** The codes of the `DemlsError`s that this package throws: mistakes of the caller, never of the network. */
export type ConsensusMistakeCode =
  | "invalid-network-type"
  | "invalid-consensus-threshold"
  | "invalid-decision-rule"
  | "invalid-timeout"
  | "invalid-max-rounds"
  | "invalid-max-sessions"
  | "invalid-expected-voters-count"
  | "invalid-random-bytes"
  | "invalid-identity"
  | "invalid-public-key"
  | "invalid-secret-key"
  | "signer-closed"
  | "empty-signature"
  | "value-out-of-range"
  | "proposal-already-exist"
  | "proposal-expired"
  | "session-not-active"
  | "session-not-found"
  | "unsupported-consensus"
  | "user-already-voted";
