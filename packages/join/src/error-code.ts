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
  /** The members have not let this user in by the deadline; `reason` says why. */
  | "publish"
  /** This user has joined, but lacks something at the deadline. */
  | "backfill";
