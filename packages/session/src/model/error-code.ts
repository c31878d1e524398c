/** Error codes of `DemlsError` in this package. */
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
  | "storage-in-use"
  | "storage-newer"
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
  | "own-removal"
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

/** Error codes of `error` events: failures in the background. */
export type ErrorEventCode =
  /** An approved change was dropped, because no commit can contain it. Only in strict conversations. */
  | "change-dropped"
  /** This steward failed to create its commit candidate; other stewards' candidates still count. */
  | "commit-candidate-failed"
  /** The handler of `handleEvents` threw and was removed. */
  | "event-handler-failed"
  /** The inbound queue is full; the newest packets are dropped. */
  | "inbound-queue-full"
  /** The group elected a steward list that members cannot derive. */
  | "invalid-election"
  /** A commit added a member with another key package than approved. */
  | "key-package-swapped"
  /** A packet was dropped: six attempts to publish it failed, or the outbox is full. */
  | "not-published"
  /** An automatic proposal or ConversationSync of this member failed. */
  | "opening-failed"
  /** The signer did not sign a vote. */
  | "signing-failed"
  /** A step failed and changed nothing: an error of a plug-in or of this library. */
  | "step-failed"
  /** A step could not be stored; the conversation is stopped until the user is created again. */
  | "storage-failed"
  /** The transport could not subscribe; retried every five seconds. */
  | "subscribe-failed"
  /** A handler of `handleSubtopic` threw. */
  | "subtopic-handler-failed"
  /** No commit can carry out an approved change. */
  | "uncommittable-change"
  /** This member's vote was signed after the vote was decided. */
  | "vote-too-late";
