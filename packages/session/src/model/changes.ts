import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "./request.js";
import { list, map, whole, type SliceValue } from "./slice.js";

/** A membership change that was voted in and waits for a commit. */
export interface ApprovedChange {
  readonly proposalId: number;
  readonly request: ChangeRequest;
  /** A removal is a leave where its proposer is its target, whatever its id. */
  readonly proposer: MemberId;
}

/** A membership change that was requested and not committed yet. Any later steward can propose it. */
export interface PendingUpdate {
  readonly request: ChangeRequest;
  readonly firstSeenEpoch: bigint;
  /** Monotonic. */
  readonly firstSeenMs: number;
}

export const changesSlice = {
  /** Requested and not voted in yet, by the member that is added or removed. */
  pending: map<MemberId, PendingUpdate>({
    shifted: (update, byMs) => ({ ...update, firstSeenMs: update.firstSeenMs + byMs }),
  }),
  /** Voted in and not committed yet, in approval order. */
  approved: list<ApprovedChange>({ identity: ({ proposalId }) => proposalId }),
  /** The member whose removal the next commit is restricted to. */
  urgentTarget: whole<MemberId | undefined>(undefined),
};

/** Membership changes on their way to a commit. */
export type Changes = SliceValue<typeof changesSlice>;
