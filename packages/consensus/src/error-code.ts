/**
 * Reason that a proposal or vote from the network was rejected, or a deadline not applied.
 *
 * Each code has the meaning of the error with the same name in hashgraph-like-consensus 0.4.0 (`src/error.rs`, variants
 * in kebab-case). When an input has several faults, the code is that of the first failed check, in the reference's
 * order.
 */
export type ConsensusErrorCode =
  /** A session with this proposal id is already remembered. */
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
  /** The vote hash does not match the vote's fields. */
  | "invalid-vote-hash"
  /** The verifier could not read the identity or the signature ("malformed"). */
  | "signature-scheme"
  /** The signature is well-formed, but not the owner's signature over this vote. */
  | "invalid-vote-signature"
  /** The vote's timestamp is before its proposal's. */
  | "timestamp-older-than-creation-time"
  /** The vote's timestamp or the wall clock is after the proposal's expiration. */
  | "vote-expired"
  /** A bundled vote links to a vote that is not the one before it, or that has a later timestamp. */
  | "received-hash-mismatch"
  /** A bundled vote's parent is not an earlier vote of the same owner. */
  | "parent-hash-mismatch"
  /** A vote of this owner is already counted. */
  | "duplicate-vote"
  /** The input has more votes than expected voters, or more rounds than configured. */
  | "max-rounds-exceeded"
  /** The session failed and accepts no further votes. */
  | "session-not-active"
  /** No session with this proposal id is remembered: it is unknown, forgotten or evicted. */
  | "session-not-found";

/** Codes of the errors that `@demls/consensus` throws for invalid calls, never for network input. */
export type ConsensusMistakeCode =
  /** `networkType` is neither `"gossipsub"` nor `"p2p"`. */
  | "invalid-network-type"
  /** `threshold` is not a number from 0 to 1. */
  | "invalid-consensus-threshold"
  /** `decide` is not a function. */
  | "invalid-decision-rule"
  /** `timeoutMs` is not a number above 0, or is below one second when sent. */
  | "invalid-timeout"
  /** `maxRounds` is not a whole number of at least 1, or 0 for `"p2p"`. */
  | "invalid-max-rounds"
  /** `maxSessions` is not a whole number of at least 1. */
  | "invalid-max-sessions"
  /** A proposal has no voters, or their number is not an unsigned 32-bit integer. */
  | "invalid-expected-voters-count"
  /** The random source returned the wrong number of bytes for an id. */
  | "invalid-random-bytes"
  /** The identity's length is not allowed by its scheme. */
  | "invalid-identity"
  /** A public key is not a point on secp256k1. */
  | "invalid-public-key"
  /** A secret key is not 32 bytes, or not a valid secp256k1 scalar. */
  | "invalid-secret-key"
  /** The signer is closed, and its key overwritten. */
  | "signer-closed"
  /** The signer returned no bytes. */
  | "empty-signature"
  /** A number or a byte string does not fit its field, named in `field`. */
  | "value-out-of-range"
  /** A proposal with this id is open or remembered. */
  | "proposal-already-exist"
  /** The proposal has expired and accepts no further votes. */
  | "proposal-expired"
  /** The session failed and accepts no further votes. */
  | "session-not-active"
  /** No session with this proposal id is remembered. */
  | "session-not-found"
  /** The conversation's mode does not support an option of the consensus plug-in, named in `field`. */
  | "unsupported-consensus"
  /** This voter has already voted on the proposal. */
  | "user-already-voted";
