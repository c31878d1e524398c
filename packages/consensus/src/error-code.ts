/**
 * Reason for which a proposal or vote from the network was rejected, or a deadline not applied.
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
  /** The vote has no owner. */
  | "empty-vote-owner"
  /** The vote has no hash. */
  | "empty-vote-hash"
  /** The vote has no signature. */
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
  /** A vote of this owner is counted already. */
  | "duplicate-vote"
  /** More votes at once than expected voters, or more rounds than configured. */
  | "max-rounds-exceeded"
  /** The session failed; it accepts no further votes. */
  | "session-not-active"
  /** No session with this proposal id is remembered: never seen, forgotten or evicted. */
  | "session-not-found";

/** Codes of the errors that `@demls/consensus` throws: mistakes of the caller, never of the network. */
export type ConsensusMistakeCode =
  /** `networkType` is neither `"gossipsub"` nor `"p2p"`. */
  | "invalid-network-type"
  /** `threshold` is not a number from 0 to 1. */
  | "invalid-consensus-threshold"
  /** `decide` is not a function. */
  | "invalid-decision-rule"
  /** `timeoutMs` is not a number above 0, or below one second where it travels. */
  | "invalid-timeout"
  /** `maxRounds` is not a whole number of at least 1, or 0 for `"p2p"`. */
  | "invalid-max-rounds"
  /** `maxSessions` is not a whole number of at least 1. */
  | "invalid-max-sessions"
  /** A proposal has no voters, or not an unsigned 32-bit number of them. */
  | "invalid-expected-voters-count"
  /** The random source returned another number of bytes than an id needs. */
  | "invalid-random-bytes"
  /** An identity has a length that its scheme does not allow. */
  | "invalid-identity"
  /** A public key is not a point of secp256k1. */
  | "invalid-public-key"
  /** A secret key is not 32 bytes of a valid number of secp256k1. */
  | "invalid-secret-key"
  /** The signer was closed, and its key overwritten. */
  | "signer-closed"
  /** The signer returned no bytes. */
  | "empty-signature"
  /** A number or a byte string does not fit its field; `field` names it. */
  | "value-out-of-range"
  /** A proposal with this id is open or remembered. */
  | "proposal-already-exist"
  /** The proposal has expired, and accepts no further votes. */
  | "proposal-expired"
  /** The session failed; it accepts no further votes. */
  | "session-not-active"
  /** No session with this proposal id is remembered. */
  | "session-not-found"
  /** A mode does not support an option of the consensus plug-in; `field` names it. */
  | "unsupported-consensus"
  /** This voter has voted on the proposal. */
  | "user-already-voted";
