import type { MemberId } from "@demls/wire/core";
import type { AskReason } from "./admission-policy.js";
import type { ChangeRequest } from "./request.js";
import { list, map, optionalTime, whole, type SliceValue } from "./slice.js";

/** Ground on which a joiner is proposed. */
export interface Consent {
  /**
   * `"default"`: the default vote may be yes, and silence counts as the settings say. `"byHand"`: the default vote is no, and
   * silence counts as no.
   */
  readonly kind: "default" | "byHand";
  /** Member that answers for the joiner: the inviter, or else the proposer. */
  readonly sponsor: MemberId;
  /** Key of the good invitation that the joiner redeems; undefined if the proposer vouches for it. */
  readonly invitation: string | undefined;
  /** Whether the sponsor vouches for it: its yes came with the proposal. */
  readonly vouched: boolean;
  /** Time of the proposal: seconds since the Unix epoch. */
  readonly proposedAt: bigint;
}

/** Approved membership change that waits for a commit. */
export interface ApprovedChange {
  readonly proposalId: number;
  readonly request: ChangeRequest;
  /** Member that proposed it. A removal is a leave if its proposer is its target. */
  readonly proposer: MemberId;
  /** Of the addition of a joiner, where the mode asks for admission; undefined if it is not known here. */
  readonly consent?: Consent;
}

/** Buffered membership change: requested, but not approved. Any later steward may propose it. */
export interface PendingUpdate {
  readonly request: ChangeRequest;
  readonly firstSeenEpoch: bigint;
  /** Monotonic time in ms. */
  readonly firstSeenMs: number;
  /** Reference of a key package that was announced by the conversation's name alone. */
  readonly unnamed?: string;
  /** The joiner waits until a member admits it; absent if it may be proposed. */
  readonly awaitsAdmission?: {
    readonly claimedName: string | undefined;
    /** Member whose invitation the joiner redeems. */
    readonly invitedBy: MemberId | undefined;
    readonly reason: AskReason;
  };
  /** Member that vouches for the joiner. */
  readonly vouchedBy?: MemberId;
  /** Member that answers for the joiner, and key of the invitation with which it is admitted. */
  readonly sponsor?: MemberId;
  readonly invitation?: string;
}

export const changesSlice = {
  /** Requested changes that are not approved yet, by the added or removed member. */
  pending: map<MemberId, PendingUpdate>({
    shifted: (update, byMs) => ({ ...update, firstSeenMs: update.firstSeenMs + byMs }),
  }),
  /** Monotonic time since which a buffered change is not proposed; undefined if this member waits for none. */
  proposalDueSinceMs: optionalTime(),
  /** Approved changes that are not committed yet, in approval order. */
  approved: list<ApprovedChange>({ identity: ({ proposalId }) => proposalId }),
  /** Member whose approved removal is urgent. */
  urgentTarget: whole<MemberId | undefined>(undefined),
};

/** Requested and approved membership changes. */
export type Changes = SliceValue<typeof changesSlice>;
