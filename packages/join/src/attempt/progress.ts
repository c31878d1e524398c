import type { MemberId } from "@demls/wire/core";
import type { GroupTrust } from "../confirmation.js";
import type { InvitationEnd } from "../readiness-codec.js";

/** Packets that a member has applied: messages of the epoch, of all members. */
export interface AppliedThrough {
  readonly epoch: bigint;
  readonly messages: number;
}

/** How a member knows that its group is the one that it meant: it has founded it, or was told by those that it trusts. */
export type GroupAssurance = "founder" | GroupTrust;

/** First sign of a member to a joiner: an answer, or a packet of its epoch once this user has joined. */
export interface JoinStarted {
  /** Group id, lower-case hex. */
  readonly conversationId: string;
  /** The member that has given it; undefined if this user has joined without one, as it may in `de-mls-3` mode. */
  readonly syncPartner: MemberId | undefined;
  /**
   * Mark of the partner's group state, 64 hex digits: SHA-256 of `demls head`, a zero byte and its epoch authenticator.
   * Undefined without a partner.
   */
  readonly partnerHead: string | undefined;
  /** Told by an answer; undefined if this user has joined before one. */
  readonly partnerApplied: AppliedThrough | undefined;
  /** Whole milliseconds since the call. */
  readonly elapsedMs: number;
}

/** A member in good standing: it has joined, has caught up, and others are in the same epoch. */
export interface ReadyReport {
  /** Group id, lower-case hex. */
  readonly conversationId: string;
  /** Mark of the group state, as {@link JoinStarted.partnerHead}. */
  readonly finalHead: string;
  readonly appliedThrough: AppliedThrough;
  /** Number of members, with this one. */
  readonly membersLearned: number;
  /** Other members that have shown by a signature that they are in this epoch. */
  readonly ackedBy: readonly MemberId[];
  /**
   * By whom this user knows that the group is the inviter's: the inviter, or a member on the list that the inviter has signed.
   * `founder`: it has founded the group itself. Undefined in `de-mls-3`, where nobody can tell.
   */
  readonly trust: GroupAssurance | undefined;
  /** Whole milliseconds since the call. */
  readonly elapsedMs: number;
}

/**
 * Stage of a join:
 *
 * - `checking`: the invitation is read
 * - `identifying`: this user's identity is provided, for which a wallet may ask its owner
 * - `subscribing`: the transport subscribes to the conversation
 * - `asking`: this user asks who is there; no member has answered yet
 * - `connecting`: a member has answered; the transport connects to enough others
 * - `announcing`: this user's key package is announced
 * - `waiting`: the vote has not begun
 * - `awaiting-admission`: the members' users are asked about this one
 * - `voting`, `approved`: the members vote; a commit follows
 * - `confirming`: a member says that this user is in, which holds a welcome until its inviter or a deputy confirms the group
 * - `refused`: the member that answered has refused, or the members have voted no. Another one may still let this user in
 * - `banned`: the group has removed this user, and its ban lasts; any member can lift it
 * - `invitation-over`: the member that answered takes the invitation for expired, used up or revoked: see
 *   {@link JoinProgress.over}. The members may still let this user in by hand
 * - `catching-up`: this user has joined, and fetches what it lacks
 * - `ready`: see {@link ReadyReport}
 */
export type JoinStage =
  | "checking"
  | "identifying"
  | "subscribing"
  | "asking"
  | "connecting"
  | "announcing"
  | "waiting"
  | "awaiting-admission"
  | "voting"
  | "approved"
  | "confirming"
  | "refused"
  | "banned"
  | "invitation-over"
  | "catching-up"
  | "ready";

/** How far a join is. */
export interface JoinProgress {
  readonly stage: JoinStage;
  /** Whole milliseconds since the call. */
  readonly elapsedMs: number;
  /** Member that has told it; undefined for stages that this user knows by itself. */
  readonly partner: MemberId | undefined;
  /** Votes so far; undefined unless the members vote. */
  readonly tally: { readonly yes: number; readonly no: number; readonly voters: number } | undefined;
  /** Reason for which the invitation is over; undefined at other stages. */
  readonly over: InvitationEnd | undefined;
  /** Time until the vote ends at the latest, in milliseconds; undefined if it is not known. */
  readonly leftMs: number | undefined;
  /**
   * Milliseconds by which this user's clock is ahead of the member's, negative if it is behind; undefined below five minutes.
   * While all members that have answered say so, this user does not announce its key package.
   */
  readonly clockAheadMs: number | undefined;
  /**
   * Messages of its epoch that this user has, of those that it or a member in the same epoch knows of; undefined before it has
   * joined.
   */
  readonly backfill: { readonly applied: number; readonly of: number } | undefined;
  /** As in {@link ReadyReport.ackedBy}, so far; none before this user has joined. */
  readonly ackedBy: readonly MemberId[];
}
