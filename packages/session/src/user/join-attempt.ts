import type { InvitationEnd } from "@demls/join";
import type { MemberId } from "@demls/wire/core";
import type { Observable } from "rxjs";
import type { GroupAssurance } from "../model/joining.js";
import type { Conversation } from "./conversation.js";
import type { ConversationOptions } from "./options.js";

/** Options of `User.join`. */
export interface JoinOptions extends ConversationOptions {
  /**
   * Point at which the attempt ends: the first answer of a member, or a member in good standing. With `"started"` the join
   * goes on by itself.
   *
   * @defaultValue `"ready"`
   */
  readonly until?: "started" | "ready";
  /**
   * Time for all of the attempt, in milliseconds by the monotonic clock. It is never exceeded.
   *
   * @defaultValue 300000
   */
  readonly deadlineMs?: number;
  /**
   * Addresses that the transport dials, if it can. Anyone may have written those of an invitation, also private ones: pass
   * those that your user has agreed to.
   *
   * @defaultValue those of the invitation
   */
  readonly addresses?: readonly string[];
  /**
   * Ends the attempt: its promises reject with the signal's reason, and a join that is pending is given up. The
   * members are told, so that they do not add this user.
   */
  readonly signal?: AbortSignal;
}

/** Packets that a member has applied: messages of the epoch, of all members. */
export interface AppliedThrough {
  readonly epoch: bigint;
  readonly messages: number;
}

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
 * - `checking`: the invitation is read, and this user's identity is provided
 * - `asking`: this user asks who is there; no member has answered yet
 * - `waiting`: a member has answered; the vote has not begun
 * - `awaiting-admission`: the members' users are asked about this one
 * - `voting`, `approved`: the members vote; a commit follows
 * - `refused`: the member that answered has refused, or the members have voted no. Another one may still let this user in
 * - `banned`: the group has removed this user, and its ban lasts; any member can lift it
 * - `invitation-over`: the member that answered takes the invitation for expired, used up or revoked: see
 *   {@link JoinProgress.over}. The members may still let this user in by hand
 * - `catching-up`: this user has joined, and fetches what it lacks
 * - `ready`: see {@link ReadyReport}
 */
export type JoinStage =
  | "checking"
  | "asking"
  | "waiting"
  | "awaiting-admission"
  | "voting"
  | "approved"
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
   * From an hour on, members cannot take the key package.
   */
  readonly clockAheadMs: number | undefined;
}

/** A join by an invitation, from the line in hand to a member in good standing. */
export interface JoinAttempt {
  /** The conversation, once this user asks to join it. Rejects as {@link JoinAttempt.started}. */
  readonly conversation: Promise<Conversation>;
  /**
   * Resolves with the first answer of a member.
   *
   * Rejects with DemlsError `invitation-invalid`, which has a `reason`; `transport` if the conversation's packets cannot be
   * received; `no-ready-peers`, which has `waitedMs`, if no member has answered by the deadline; errors of
   * `User.joinByInvitation`; `conversation-ended`; or the signal's reason. An answer counts if the inviter gives it, or
   * somebody that knows the key which the inviter has shared with the members.
   */
  readonly started: Promise<JoinStarted>;
  /**
   * Resolves once this user has joined the group that the inviter or one of its deputies has confirmed, has caught up, and
   * another member is in the same epoch.
   *
   * Rejects as {@link JoinAttempt.started}; with DemlsError `publish`, which has a `reason`, if the members have not let this
   * user in by the deadline, and `backfill` if it has joined but lacks something then. With `until: "started"` it rejects with
   * `not-awaited` once the attempt has ended.
   */
  readonly ready: Promise<ReadyReport>;
  /** The current progress, then each change; completes when the attempt ends. */
  readonly progress$: Observable<JoinProgress>;
}
