/**
 * Bounds of the state of a user and its conversations, with the eviction at each bound. The consensus plug-in bounds
 * open votes.
 *
 * Approved changes are never evicted, because all members must commit them. Instead, while `COMMIT_BATCH_MAX` changes
 * are approved or open, this implementation proposes no more, and the default vote is no. Only manual votes and 3.0.0
 * members can approve more.
 */
export const LIMITS = {
  /** Unconsumed key packages of a user; the oldest is wiped, and its welcome cannot be used. */
  keyPackages: 64,
  /** Ids of decided proposals; the oldest is evicted. */
  resolved: 256,
  /**
   * Bytes of an encoded request; longer ones are rejected. An add contains a key package of at most 16 KiB, an election
   * at most 10,000 stewards (20-byte addresses). In `de-mls-3`, longer requests are accepted and kept without key
   * package or evidence; the packet size bounds them.
   */
  membershipRequestBytes: 18 * 1_024,
  emergencyRequestBytes: 64 * 1_024,
  electionRequestBytes: 256 * 1_024,
  /** Bytes of a proposal and its proposer's vote besides the request, and bytes of a single vote. */
  proposalFrameBytes: 4 * 1_024,
  /** Observed membership proposals, each of at most `membershipRequestBytes`; the oldest is evicted. */
  observedProposals: 64,
  /**
   * Votes noted per observed proposal, besides those of members. Also the maximum `expectedVotersCount` of a rejected
   * one.
   */
  observedVotes: 1_024,
  /** Bundled votes noted of a rejected proposal; each needs a verification. */
  observedBundledVotes: 32,
  /**
   * Changes in one commit; larger commits are rejected. A 3.0.0 steward commits at most 50, but accepts any number of
   * approved changes.
   */
  commitChanges: 256,
  /** Hashes of merged commits; the oldest is evicted. */
  committed: 10,
  /** Buffered removals requested by members; new ones are rejected. */
  pendingRemovals: 256,
  /** Buffered key packages, which any stranger can send; new ones are rejected. */
  pendingInvitations: 128,
  /** Age in milliseconds at which a buffered membership change may be evicted by a new one. */
  pendingUpdateAgeMs: 600_000,
  /** Packets that wait for their step; the newest is dropped. The bytes of these packets. */
  inboundPackets: 8_192,
  inboundBytes: 32 * 1_024 * 1_024,
  /** Number of later epochs for which packets are buffered; packets further ahead are ignored. */
  bufferedEpochs: 2,
  /** Buffered packets of later epochs, and their bytes; the oldest of the furthest epoch is evicted. */
  bufferedPackets: 512,
  bufferedPacketBytes: 8 * 1_024 * 1_024,
  /** Buffered packets of one epoch; its oldest is evicted. */
  bufferedPacketsPerEpoch: 384,
  /** Milliseconds that a packet is buffered. */
  bufferedPacketAgeMs: 120_000,
  /** Largest reported epoch gap; also the maximum number of reports per epoch. */
  epochGap: 16,
  /**
   * Open proposals of one member in a strict conversation; with more, the default vote on all of them is no. This
   * implementation opens at most half as many membership changes, because other members may count decided ones as open
   * for a moment.
   */
  openProposalsPerMember: 8,
  /** Known open proposals of one member in a strict conversation; the one with the largest id is evicted. */
  rememberedProposalsPerMember: 16,
  /** Proposals buffered until their electorate is known; the oldest is evicted. */
  bufferedProposals: 32,
  /** Votes buffered until their proposal arrives; the oldest is evicted. */
  bufferedVotes: 128,
  /** Buffered votes of one sender; its oldest is evicted. */
  bufferedVotesPerSender: 16,
  /** Milliseconds after a commit in which chat of the previous epoch is accepted. */
  pastEpochChatMs: 120_000,
  /** Packets in the outbox; further chat is rejected, otherwise the oldest is dropped. */
  outbox: 1_024,
  /** Attempts to publish a packet before it is dropped. */
  publishAttempts: 6,
  /** Milliseconds before an attempt to publish counts as failed. */
  publishTimeoutMs: 30_000,
  /** Undelivered events in storage; the oldest is evicted. */
  unacknowledgedEvents: 4_096,
  /** Bytes of chat in undelivered events; the oldest is evicted. */
  unacknowledgedEventBytes: 64 * 1_024 * 1_024,
  /** Events buffered by one iterator of `events()`, and their bytes of chat; beyond, it rejects. */
  iteratedEvents: 4_096,
  iteratedEventBytes: 64 * 1_024 * 1_024,
  /** Ended conversations with undelivered events; the oldest is evicted at a restart. */
  endedConversations: 16,
  /** Milliseconds that closing waits for the current step, such as one blocked by the storage. */
  closeTimeoutMs: 30_000,
  /** Chat messages queued during a freeze; further ones are rejected. */
  queuedMessages: 256,
  /** Bytes of one chat message. */
  messageBytes: 256 * 1_024,
  /**
   * Messages encrypted since the group was stored; afterwards it is stored again. Their keys are derived from the
   * stored group.
   */
  sealedMessages: 64,
  /** Decrypted messages stored beside a group, and their bytes; beyond, the group is stored again. */
  journalMessages: 64,
  journalBytes: 256 * 1_024,
  /** Absolute value of scores and threshold in a ConversationSync. */
  syncScore: 1_000_000_000n,
} as const;
