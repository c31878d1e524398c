/** Codes of the errors of `@demls/session`: its calls reject with them, and its functions throw them. */
export type SessionErrorCode =
  // Users and their conversations.
  /** The user or the conversation was closed here. */
  | "closed"
  /** This member left, was removed, or gave up joining; `reason` says which. */
  | "conversation-ended"
  /** This user is in a conversation of this name, or joining it. */
  | "conversation-exists"
  /** The signer did not sign for this user's identity: it refused, or signed with another key. */
  | "identity-not-proved"
  /** The MLS service and the consensus signer have different identities. */
  | "identity-mismatch"
  /** The name of a conversation is empty, too long, or not well-formed Unicode. */
  | "invalid-conversation-name"
  /** The display name is no line of text of at most 64 bytes. */
  | "invalid-display"
  /** The id of a group is not hex, or is empty or too long. */
  | "invalid-group-id"
  /** The name of a subtopic is empty. */
  | "invalid-subtopic"
  /** Another handler takes the packets of this subtopic, or the conversation does. */
  | "subtopic-taken"
  /** This user is not in a conversation of this name, and not joining it. */
  | "unknown-conversation"
  // Of a join by an invitation. Others are a JoinErrorCode.
  /** The attempt ended at an earlier point, as its options ask. */
  | "not-awaited"
  /** No invitation of this user has the id, or it has expired. */
  | "unknown-invitation"
  // Settings.
  /** The compatibility mode is neither of the two. */
  | "invalid-compatibility"
  /** A setting of `ConversationConfig` is unknown or out of its range; `field` names it. */
  | "invalid-config"
  /** A setting of `StewardListConfig` is unknown, out of its range, or not available in the mode; `field` names it. */
  | "invalid-steward-list-config"
  /** The setting `history` is unknown or out of its range. */
  | "invalid-history-setting"
  // Storage.
  /** The storage does not return the records that were written. */
  | "corrupt-storage"
  /** The storage holds another user, or this one with another signature key. */
  | "foreign-storage"
  /** A history is to be kept, and the user has no storage. */
  | "missing-storage"
  /** A step could not be stored; the conversation stands still until the user is created again. */
  | "storage-failed"
  /** Another user of this process uses the storage. */
  | "storage-in-use"
  /** A later release wrote the storage. */
  | "storage-newer"
  // Events.
  /** An iterator of `events()` has more unread events, or bytes of chat, than it may buffer. */
  | "events-overrun"
  // Joining.
  /** A key package can be announced only while a join is pending. */
  | "already-joined"
  /** This member is not in the conversation yet, or not any more. */
  | "not-joined"
  // Chat.
  /** A message is neither well-formed text nor bytes. */
  | "invalid-message"
  /** A position of a message, or a number of messages, is not valid; `field` names it. */
  | "invalid-page"
  /** A chat message has more bytes than `LIMITS.messageBytes`. */
  | "message-too-large"
  /** The transport did not accept the sealed message. */
  | "not-published"
  /** The packet has more bytes than members accept. */
  | "packet-too-large"
  /** The queue of messages to send is full. */
  | "too-many-messages"
  // Proposals.
  /** The proposal was never sent: it was not signed, or signed after the group's next commit. */
  | "abandoned"
  /** The key package belongs to a member. */
  | "already-a-member"
  /** The same change is being voted on, or is approved and waits for its commit. */
  | "already-proposed"
  /** No request to join of this identity is known. */
  | "no-join-request"
  /** The stewards that vote on this request are being elected. */
  | "election-open"
  /** The members vote on an emergency; other proposals wait. */
  | "emergency-open"
  /** The request has no content to decide on, such as an emergency without evidence. */
  | "incomplete-request"
  /** `creatorVote` has an unknown value. */
  | "invalid-creator-vote"
  /** The key package is not bytes, or cannot be added; the message says why. */
  | "invalid-key-package"
  /** A field of the request has the wrong type; `field` names it. */
  | "invalid-request"
  /** The member to be removed is not in the group. */
  | "not-a-member"
  /** The member to confirm is not on probation. */
  | "not-a-newcomer"
  /** This member is on probation, and confirms no other one. */
  | "on-probation"
  /** None but newcomers could vote on the proposal. */
  | "no-voters"
  /** The member whose ban is to be lifted is not banned. */
  | "not-banned"
  /** The members voted no, or the vote ended without a decision. */
  | "not-approved"
  /** A member verifies others, not itself. */
  | "own-identity"
  /** A member cannot propose a ban of itself: it calls `leave()`. */
  | "own-removal"
  /** The encoded request has more bytes than `LIMITS` allows for its kind. */
  | "request-too-large"
  /** This member has as many open proposals as others accept from one member. */
  | "too-many-proposals"
  /** All session slots are taken, or as many changes are under way as a commit holds. */
  | "too-many-votes"
  /** The compatibility mode of the conversation does not allow the call. */
  | "wrong-mode"
  /** The phase allows no such proposal, or no vote by hand. */
  | "wrong-phase"
  // Votes.
  /** This member has voted on the proposal. */
  | "already-voted"
  /** A vote is not a boolean. */
  | "invalid-vote"
  /** This member has no vote on the proposal: it is no steward, or the target. */
  | "not-a-voter"
  /** The proposal accepts no further votes. */
  | "proposal-closed"
  /** No open proposal has this id. */
  | "unknown-proposal";

/** The `code` of an `error` event: a failure in the background. */
export type ErrorEventCode =
  /** An approved change that no commit can hold was dropped. Only in strict conversations. */
  | "change-dropped"
  /** This steward failed to create its commit candidate; other stewards' candidates still count. */
  | "commit-candidate-failed"
  /** The handler of `handleEvents` failed; it receives no further events. */
  | "event-handler-failed"
  /** The transport could not read its history; the members resend what they have. */
  | "history-failed"
  /** Packets arrive faster than they can be read; the newest are dropped. */
  | "inbound-queue-full"
  /** The group elected a steward list that members cannot derive. */
  | "invalid-election"
  /** A commit added a member with another key package than approved. */
  | "key-package-swapped"
  /** The transport rejected a packet `LIMITS.publishAttempts` times, or the outbox was full; the packet was dropped. */
  | "not-published"
  /** An automatic proposal or ConversationSync of this member failed. */
  | "opening-failed"
  /** The signer did not sign a vote. */
  | "signing-failed"
  /** A step failed and changed nothing, by a fault of a plug-in or of the library. */
  | "step-failed"
  /** A step could not be stored; the conversation is stopped until the user is created again. */
  | "storage-failed"
  /** The transport could not subscribe; a new attempt follows every five seconds. */
  | "subscribe-failed"
  /** A handler of `handleSubtopic` threw. */
  | "subtopic-handler-failed"
  /** No commit can carry out an approved change. */
  | "uncommittable-change"
  /** This member's vote was signed after the vote was decided. */
  | "vote-too-late";
