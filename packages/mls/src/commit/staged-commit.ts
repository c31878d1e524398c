import type { MemberId } from "@demls/wire/core";
import type { UnprotectRejectReason } from "../framing/private-message.js";
import type { MlsGroup } from "../group/mls-group.js";

/** A change of the group, as the commit's own proposals have it. */
export type MlsAction =
  | {
      readonly kind: "add";
      readonly member: MemberId;
      /** KeyPackageRef of the key package added, lower-case hex. */
      readonly reference: string;
    }
  | { readonly kind: "remove"; readonly member: MemberId }
  /** Anything that de-MLS doesn't propose: an update, new group context extensions, a custom type… */
  | { readonly kind: "other"; readonly type: string };

/** A commit that has been verified and not merged: a value to be merged or dropped. */
export interface StagedCommit {
  /** SHA-256 of the commit message's bytes. */
  readonly hash: Uint8Array;
  /** The epoch it was made in. */
  readonly epoch: bigint;
  /** The authenticator of that epoch, which tells it from an epoch of the same number on a fork. */
  readonly parentEpochAuthenticator: Uint8Array;
  /** Who committed: authenticated. */
  readonly sender: MemberId;
  /**
   * Who signed each bundled proposal, in the order given: authenticated. A proposal that comes twice has one
   * reference and is one: so 3.0.0 sends what was voted in twice.
   */
  readonly proposalSenders: readonly MemberId[];
  /** What the commit does, in its order. */
  readonly actions: readonly MlsAction[];
  /** Whether it removes oneself. Then there is no `next`, and the confirmation tag could not be checked. */
  readonly selfRemoved: boolean;
  /** The group in the next epoch; take it through {@link MlsService.merge} only. */
  readonly next: MlsGroup | undefined;
}

/** Why a candidate was not staged. */
export type StageRejectReason =
  | UnprotectRejectReason
  /** A message that is no PrivateMessage, or not a proposal or commit where one belongs. */
  | "malformed"
  | "other-group"
  | "other-epoch"
  /** An Add that OpenMLS receivers refuse. */
  | "invalid-add"
  /** The commit gives its committer another identity. */
  | "identity-changed"
  /** A bundled proposal that the commit doesn't refer to, or a reference to none of them. */
  | "proposals-mismatch"
  /** Authenticated, but not a commit that can be applied: path, confirmation tag, proposals. */
  | "invalid-commit";

/** What became of a candidate. */
export type StageOutcome =
  | { readonly kind: "staged"; readonly staged: StagedCommit }
  | {
      readonly kind: "rejected";
      readonly reason: StageRejectReason;
      /** Who sent the part at fault, where that is authenticated. */
      readonly sender?: MemberId;
    };

/** An outcome, and the group to go on from. */
export interface StageResult {
  readonly group: MlsGroup;
  readonly outcome: StageOutcome;
}
