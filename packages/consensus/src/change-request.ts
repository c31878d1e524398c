import type { MemberId } from "@demls/wire/core";

/** Kinds of violations that an emergency is declared for. */
export type Violation =
  | "unspecified"
  /** A commit does not carry out what was voted. */
  | "brokenCommit"
  /** An MLS proposal does not say what was voted. */
  | "brokenMlsProposal"
  /** A steward had approved changes and did not commit in time. */
  | "censorshipInactivity"
  /** A member's score has fallen to the removal threshold. */
  | "scoreBelowThreshold"
  /** Elections keep failing: if accepted, any member may commit. */
  | "deadlock";

/** Evidence of an emergency. */
export interface EmergencyEvidence {
  /** The kind, or its number on the wire where this version has no name for it; 32 bits, signed. */
  readonly violation: Violation | number;
  /** The accused member; the empty id for a deadlock, which accuses none. */
  readonly target: MemberId;
  /** The member that declared the emergency. */
  readonly creator: MemberId;
  /** MLS epoch. */
  readonly epoch: bigint;
  /** Depends on the violation; for `scoreBelowThreshold` the score as a little-endian 64-bit integer. */
  readonly payload: Uint8Array;
}

/** A change of the conversation that members vote on. */
export type ChangeRequest =
  /** Adds the owner of a key package. */
  | { readonly kind: "add"; readonly member: MemberId; readonly keyPackage: Uint8Array }
  /** Removes a member. Proposed by that member itself, it is a leave. */
  | { readonly kind: "remove"; readonly member: MemberId }
  /** Installs a steward list, drawn for `electionEpoch` with `retryRound` as its seed. */
  | {
      readonly kind: "electStewards";
      readonly stewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    }
  /** Removes a member for its score, lets any member commit, or accuses a member. */
  | { readonly kind: "emergency"; readonly evidence: EmergencyEvidence | undefined };
