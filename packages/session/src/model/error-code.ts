/** The codes of the `DemlsError`s that this package makes: in rejections of calls, and thrown by its functions. */
export type SessionErrorCode =
  // Users and their conversations.
  | "closed"
  | "conversation-ended"
  | "conversation-exists"
  | "identity-mismatch"
  | "invalid-conversation-name"
  | "invalid-subtopic"
  | "subtopic-taken"
  | "unknown-conversation"
  // Settings.
  | "invalid-compatibility"
  | "invalid-config"
  | "invalid-steward-list-config"
  // Storage.
  | "corrupt-storage"
  | "foreign-storage"
  | "storage-failed"
  // Events.
  | "events-overrun"
  // Joining.
  | "already-joined"
  | "not-joined"
  // Chat.
  | "invalid-message"
  | "message-too-large"
  | "not-published"
  | "packet-too-large"
  | "too-many-messages"
  // Proposals.
  | "abandoned"
  | "already-a-member"
  | "already-proposed"
  | "election-open"
  | "emergency-open"
  | "incomplete-request"
  | "invalid-creator-vote"
  | "invalid-key-package"
  | "invalid-request"
  | "not-a-member"
  | "not-approved"
  | "request-too-large"
  | "too-many-proposals"
  | "too-many-votes"
  | "wrong-phase"
  // Votes.
  | "already-voted"
  | "invalid-vote"
  | "not-a-voter"
  | "proposal-closed"
  | "unknown-proposal";

/** What failed in the background: the `code` of an `error` event. */
export type ErrorEventCode =
  /** An approved change was taken off the queue, since no commit can hold it. Only in strict conversations. */
  | "change-dropped"
  /** This steward could not make its commit candidate; those of others still count. */
  | "commit-candidate-failed"
  /** The handler of `handleEvents` failed, and is handed no more. */
  | "event-handler-failed"
  /** Packets come faster than they can be read; the newest are dropped. */
  | "inbound-queue-full"
  /** The group elected a steward list that does not follow from its members. */
  | "invalid-election"
  /** A commit added other key packages than were approved. */
  | "key-package-swapped"
  /** The transport did not take a packet, six times, or too many waited for it; the packet was given up. */
  | "not-published"
  /** A proposal or sync that this member makes by itself could not be made. */
  | "opening-failed"
  /** The signer did not sign a vote. */
  | "signing-failed"
  /** A step failed, and changed nothing: a fault of a plug-in, or of the library. */
  | "step-failed"
  /** A step could not be stored; the conversation stands still until the user is created again. */
  | "storage-failed"
  /** The transport could not subscribe; it is tried again every five seconds. */
  | "subscribe-failed"
  /** A handler of `handleSubtopic` failed. */
  | "subtopic-handler-failed"
  /** No commit can carry out an approved change as it is. */
  | "uncommittable-change"
  /** This member's vote was signed too late to count. */
  | "vote-too-late";
