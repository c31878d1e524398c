import type { MemberId } from "@demls/wire/core";
import type { UnprotectRejectReason } from "../framing/private-message.js";
import type { MlsGroup } from "../group/mls-group.js";
import type { LeafBinding } from "../key-package/leaf-binding.js";

/** Change of the group, as stated by the commit's proposals. */
export type MlsAction =
  | (LeafBinding & {
      readonly kind: "add";
      readonly member: MemberId;
      /** KeyPackageRef of the added key package, lower-case hex. */
      readonly reference: string;
      /** As in {@link ValidKeyPackage}. */
      readonly madeAtSeconds: bigint;
    })
  | { readonly kind: "remove"; readonly member: MemberId }
  /** Any change that de-MLS does not propose: an update, new group context extensions, a custom type… */
  | { readonly kind: "other"; readonly type: string };

/** Verified commit that has not been merged: a value to merge or drop. */
export interface StagedCommit {
  /** SHA-256 of the commit message. */
  readonly hash: Uint8Array;
  /** Epoch that the commit was made in. */
  readonly epoch: bigint;
  /** Authenticator of that epoch. It distinguishes the epoch from one with the same number on a fork. */
  readonly parentEpochAuthenticator: Uint8Array;
  /** Authenticated committer. */
  readonly sender: MemberId;
  /**
   * Authenticated signer of each bundled proposal, in the order given. A repeated proposal has one reference and counts
   * once; de-mls 3.0.0 repeats proposals that were voted in twice.
   */
  readonly proposalSenders: readonly MemberId[];
  /** Data that the committer bound to the commit, empty by default. It is authenticated, but not encrypted. */
  readonly authenticatedData: Uint8Array;
  /** Changes that the commit makes, in its order. */
  readonly actions: readonly MlsAction[];
  /** Whether the commit removes this member. Then there is no `next`, and the confirmation tag has not been checked. */
  readonly selfRemoved: boolean;
  /** The group in the next epoch. Use it only through {@link MlsService.merge}. */
  readonly next: MlsGroup | undefined;
}

/** Reason that a candidate was not staged. */
export type StageRejectReason =
  | UnprotectRejectReason
  /** Not a PrivateMessage, or one with another content than the expected proposal or commit. */
  | "malformed"
  | "other-group"
  | "other-epoch"
  /** OpenMLS receivers reject one of the commit's Adds. */
  | "invalid-add"
  /** The commit changes its committer's identity. */
  | "identity-changed"
  /** The commit omits a bundled proposal, or refers to one that is not bundled. */
  | "proposals-mismatch"
  /** Authenticated, but the commit cannot be applied: its path, confirmation tag or proposals are wrong. */
  | "invalid-commit";

/** Result of staging a candidate. */
export type StageOutcome =
  | { readonly kind: "staged"; readonly staged: StagedCommit }
  | {
      readonly kind: "rejected";
      readonly reason: StageRejectReason;
      /** Authenticated sender of the faulty part, if known. */
      readonly sender?: MemberId;
    };

/** Result of staging, and the group to continue with. */
export interface StageResult {
  readonly group: MlsGroup;
  readonly outcome: StageOutcome;
}
