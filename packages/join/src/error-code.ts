/** Error codes of `@demls/join`. */
export type JoinErrorCode =
  // Of `issueInvitation`.
  /** A term of an invitation is out of range; `field` names it. */
  | "invalid-invitation-terms"
  // Of `parseInvitation` and `redeemInvitation`.
  /** An invitation cannot be used; its `reason` says why. */
  | "invitation-invalid";
