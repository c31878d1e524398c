import type { MemberId } from "@demls/wire/core";

/** Violation that an emergency is declared for. */
export type Violation =
  | "unspecified"
  /** A commit does not implement the approved changes. */
  | "brokenCommit"
  /** An MLS proposal does not match the approved request. */
  | "brokenMlsProposal"
  /** A steward did not commit approved changes in time. */
  | "censorshipInactivity"
  /** A member's score fell to the removal threshold. */
  | "scoreBelowThreshold"
  /** Elections keep failing. If accepted, any member may commit. */
  | "deadlock";

/** Evidence of an emergency. */
export interface EmergencyEvidence {
  /** Kind of violation. A kind without a name in this version is its number on the wire; 32 bits, signed. */
  readonly violation: Violation | number;
  /** Accused member; the empty id for a deadlock, which accuses none. */
  readonly target: MemberId;
  /** Member that declared the emergency. */
  readonly creator: MemberId;
  /** MLS epoch. */
  readonly epoch: bigint;
  /** Content depends on the violation. For `scoreBelowThreshold`, the score as a little-endian 64-bit integer. */
  readonly payload: Uint8Array;
}

/** Change of the conversation, put to a vote. */
export type ChangeRequest =
  /** Adds the owner of a key package. */
  | {
      readonly kind: "add";
      readonly member: MemberId;
      readonly keyPackage: Uint8Array;
      /** Redemption of an invitation for this key package, as `@demls/join` encodes it. */
      readonly redemption?: Uint8Array;
    }
  /** Removes a member. A removal proposed by the member itself is a leave. */
  | { readonly kind: "remove"; readonly member: MemberId }
  /** Installs a steward list, derived for `electionEpoch` with the seed `retryRound`. */
  | {
      readonly kind: "electStewards";
      readonly stewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    }
  /** Removes a member for its score, lets any member commit, or accuses a member. */
  | { readonly kind: "emergency"; readonly evidence: EmergencyEvidence | undefined };
