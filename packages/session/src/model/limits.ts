/**
 * Bounds of what a user and its conversations keep, and who gives way when one is reached. Those of open votes are
 * the consensus plug-in's.
 *
 * What is approved gives way to nothing, since the group has decided it. It is bounded where it comes from: while
 * `COMMIT_BATCH_MAX` changes are approved or being voted on, no member of this project asks for a further one, and
 * silence says no to it. More is approved only where hands, or 3.0.0 members, vote it in.
 */
export const LIMITS = {
  /** Unused key packages of a user; the oldest is wiped, and a welcome for it comes too late. */
  keyPackages: 64,
  /** Resolved proposal ids; the oldest is forgotten. */
  resolved: 256,
  /**
   * Bytes of an encoded request; longer ones are refused. An invitation holds a key package of 16 KiB at most, an
   * election up to 10,000 stewards by their addresses. Where a 3.0.0 member may be in the group a longer one is
   * taken, without its key package or evidence; then only a packet's length bounds it.
   */
  membershipRequestBytes: 18 * 1_024,
  emergencyRequestBytes: 64 * 1_024,
  electionRequestBytes: 256 * 1_024,
  /** Bytes that a proposal and its proposer's vote may add to the request, and of a vote by itself. */
  proposalFrameBytes: 4 * 1_024,
  /**
   * Proposals of membership changes that were heard of, each of as many bytes as such a request has; the oldest is
   * forgotten.
   */
  observedProposals: 64,
  /** Votes that are noted of one of them, but for its members'; and voters that one may expect which is refused. */
  observedVotes: 1_024,
  /** Votes that come along with a refused proposal that is noted; each costs a verification. */
  observedBundledVotes: 32,
  /**
   * Changes in one commit, more are taken by nobody. A steward of 3.0.0 commits 50 at most, but takes a commit of
   * however many are approved.
   */
  commitChanges: 256,
  /** Hashes of merged commits; the oldest is forgotten. */
  committed: 10,
  /** Buffered removals, which members wish for; a new one is refused. */
  pendingRemovals: 256,
  /** Buffered invitations, of which strangers can make any number; a new one is refused. */
  pendingInvitations: 128,
  /** Milliseconds after which a buffered membership change gives way where there is no room for a new one. */
  pendingUpdateAgeMs: 600_000,
  /** Packets that the network brought and no step has taken yet, and their bytes; the newest is dropped. */
  inboundPackets: 8_192,
  inboundBytes: 32 * 1_024 * 1_024,
  /** How many epochs ahead of the group a packet is kept for; it is ignored where it claims a later one. */
  bufferedEpochs: 2,
  /** Packets that came too early, and their bytes together; of the furthest epoch the oldest are dropped. */
  bufferedPackets: 512,
  bufferedPacketBytes: 8 * 1_024 * 1_024,
  /** Those of one epoch; its oldest are dropped. */
  bufferedPacketsPerEpoch: 384,
  /** Milliseconds that a packet may wait for its epoch. */
  bufferedPacketAgeMs: 120_000,
  /** The furthest gap that is reported, in epochs; so often at most is one reported in each epoch. */
  epochGap: 16,
  /**
   * Open proposals of one member in a strict conversation; while there are more, all of them are voted no. A member
   * opens half as many membership changes, so that those who have not heard of its latest decisions still ask for
   * the next.
   */
  openProposalsPerMember: 8,
  /** Open proposals of one member that are remembered there; the one with the largest id is forgotten. */
  rememberedProposalsPerMember: 16,
  /** Proposals that wait until it is known who votes on them; the oldest is dropped. */
  bufferedProposals: 32,
  /** Votes that came before their proposal; the oldest is dropped. */
  bufferedVotes: 128,
  /** Those of one sender; its oldest is dropped. */
  bufferedVotesPerSender: 16,
  /** Milliseconds for which chat of the epoch before is still read, once this one has begun. */
  pastEpochChatMs: 120_000,
  /** Packets waiting to be published; further chat is refused, of the rest the oldest is dropped. */
  outbox: 1_024,
  /** Tries to publish one packet before it is given up. */
  publishAttempts: 6,
  /** Milliseconds that the transport may take over one try; then it counts as failed. */
  publishTimeoutMs: 30_000,
  /** Events that nobody has taken yet, where they are kept; the oldest is forgotten. */
  unacknowledgedEvents: 4_096,
  /** Bytes of the chat in them; the oldest is forgotten. */
  unacknowledgedEventBytes: 64 * 1_024 * 1_024,
  /** Events that wait in one iterator of `events()`, and the bytes of chat in them; beyond, it rejects. */
  iteratedEvents: 4_096,
  iteratedEventBytes: 64 * 1_024 * 1_024,
  /** Conversations that have ended and whose events nobody has taken; at a restart the oldest is forgotten. */
  endedConversations: 16,
  /** Milliseconds that closing waits for a step, such as one that storage never finishes. */
  closeTimeoutMs: 30_000,
  /** Chat held during a freeze; further chat is refused. */
  queuedMessages: 256,
  /** Bytes of one chat message. */
  messageBytes: 256 * 1_024,
  /** Messages sealed since a group was stored, after which it is stored anew: their keys follow from what is stored. */
  sealedMessages: 64,
  /** Opened messages that are stored beside a group, and their bytes; beyond, the group is written anew instead. */
  journalMessages: 64,
  journalBytes: 256 * 1_024,
  /** How far from zero the scores and the threshold of a ConversationSync may be. */
  syncScore: 1_000_000_000n,
} as const;
