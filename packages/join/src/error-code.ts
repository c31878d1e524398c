/** Error codes of `@demls/join`. */
export type JoinErrorCode =
  // Of `issueInvitation`.
  /** A term of an invitation is out of range; `field` names it. */
  | "invalid-invitation-terms"
  // Of `parseInvitation` and `redeemInvitation`.
  /** An invitation cannot be used; its `reason` says why. */
  | "invitation-invalid"
  // Of an attempt to join.
  /** The deadline is no time. */
  | "invalid-config"
  /** No member has answered by the deadline; `waitedMs` is the time waited. */
  | "no-ready-peers"
  /** The transport could not subscribe to the conversation. */
  | "transport"
  /** This user could not announce itself. */
  | "local"
  /** The members have not decided on this user by the deadline. */
  | "out-of-time"
  /** The members have voted no on this user, or a member's user has refused it. */
  | "refused"
  /** The group has banned this user. */
  | "banned"
  /** The invitation was revoked, is used up or has expired, as a member says. */
  | "invitation-over"
  /** This machine's clock is at least five minutes off those of the members that have answered; `clockAheadMs` says how far. */
  | "clock-off"
  /** This user has joined, but lacks something at the deadline. */
  | "backfill";
