/** Kind of a timer. */
export type TimerKind =
  /**
   * Casts the default vote: `votingDelayMs` after a vote opened here, of an election `electionVotingDelayMs`; after
   * `deliberationMs` in a strict conversation if it is a yes to a joiner or an election.
   */
  | "defaultVote"
  /** Decides a vote: `consensusTimeoutMs` after it opened; for peers in `de-mls-3` mode 1.5 times as late. */
  | "voteDeadline"
  /** Releases a session slot once peers have also decided a vote that ended by silence. */
  | "sessionSlot"
  /** Opens the votes of a new epoch: `quietAfterCommitMs` after the commit. */
  | "epochVotes"
  /**
   * Expires a join without an answer: after five times the joiner's `commitInactivityMs`, 10 seconds, 2 ×
   * `recoveryInactivityMs` + `consensusTimeoutMs` + `commitInactivityMs` + `freezeMs`, or the deadline of
   * `user.join`, whichever is last.
   */
  | "joinExpiry"
  /**
   * Announces the key package of a joiner again: after 30 seconds, then after twice as long each time. While the
   * joiner lacks the welcome or its confirmation: after 2 to 60 seconds.
   */
  | "announcement"
  /** Withdraws the key package of a join that was given up or has run out of time: three times within 20 seconds. */
  | "farewell"
  /** Replaces this member's leaf once it is left behind, or announces the key package for it again. */
  | "rejoin"
  /** Shows that this member is there: 2 seconds after a key package asks for its place, every 20 seconds at most. */
  | "presence"
  /** Tells a member that has lost its storage which leaf it has, after the random delay of an answer. */
  | "leafNotice"
  /** Confirms the group to a guest: at once as the inviter, 1.5 seconds later for each place among its deputies. */
  | "confirmation"
  /** Signs the list of deputies anew: a day after the last time, as long as an invitation of this member lasts. */
  | "deputies"
  /** Renews this member's keys once nothing else is to commit: at an age of `keyRenewalMs`, or after a call. */
  | "keyRenewal"
  /**
   * Starts to collect commit candidates: `batchMs` after the first approved change, two seconds at least while votes are open;
   * in `de-mls-3` mode `commitInactivityMs`. In recovery or after a rejected election: `recoveryInactivityMs`.
   */
  | "freeze"
  /** Sends or chooses a candidate in a freeze of a strict conversation: `standInMs` for each member before its author. */
  | "standIn"
  /** Ends the freeze: `freezeMs` after it began. */
  | "selection"
  /** Selects a candidate that arrived in reelection: `recoveryInactivityMs` later, if a better one may come. */
  | "lateSelection"
  /** Merges a commit without waiting longer for the choices of silent members. */
  | "closing"
  /**
   * Proposes an election as the fallback proposer: `consensusTimeoutMs`, plus `recoveryInactivityMs` for each
   * rank, after one was due.
   */
  | "fallbackElection"
  /**
   * Proposes buffered changes as the fallback proposer, in strict mode: `recoveryInactivityMs` for each rank
   * after they could be proposed.
   */
  | "fallbackChanges"
  /** Compares the branches 5 seconds after news of a fork, or forgets a fork after a day. */
  | "branches"
  /**
   * Leaves without the commit: 3 × (`commitInactivityMs` + `freezeMs`) after the leave was approved, in
   * reelection and selection.
   */
  | "leave"
  /** Reports the packets that this member has, asks for missing ones, answers, or ends catching up. */
  | "repair"
  /**
   * Encrypts chat again that no other member can get any more: 10 seconds after a commit, or 30 seconds to an hour after the
   * transport has rejected it. Or gives it up after seven days.
   */
  | "resend"
  /** Drops an own proposal that has expired before it was published. */
  | "expiry"
  /** Publishes the oldest packet of the outbox again. */
  | "publish";

/** Time of a timer. */
export interface Deadline {
  readonly kind: TimerKind;
  /** Monotonic time in ms. */
  readonly atMs: number;
  /** Id of the proposal, if the timer belongs to a vote. */
  readonly proposalId: number | undefined;
}
