/**
 * Bounds of the state and the buffers of a user and its conversations. The consensus plug-in bounds open votes.
 *
 * An approved change is never evicted, since the group has decided it. Proposals are limited instead: while
 * `COMMIT_BATCH_MAX` changes are approved or being voted on, members of this project propose no further one, and their
 * default vote on another is no. More is approved only by hand votes, or by the votes of 3.0.0 members.
 */
export const LIMITS = {
  /** Unused key packages of a user. Beyond: the oldest is wiped, and a welcome for it is rejected. */
  keyPackages: 64,
  /** Unused own key packages for one conversation. Beyond: its oldest is wiped. */
  conversationKeyPackages: 8,
  /** Results in the record of an epoch. Beyond: the effects of later ones last until the next commit. */
  recordedResults: 64,
  /** Proposals that the record of an epoch names as known. Beyond: the later ones are not named, and proposed again. */
  recordedProposals: 256,
  /** Ids of decided proposals. Beyond: the oldest is forgotten. */
  resolved: 256,
  /**
   * Bytes of an encoded membership request, of which a key package takes 16 KiB at most. Beyond: the proposal is
   * rejected. In a `de-mls-3` conversation it is accepted without its key package; the packet's length bounds it.
   */
  membershipRequestBytes: 18 * 1_024,
  /**
   * Bytes of an encoded emergency. Beyond: the proposal is rejected. In a `de-mls-3` conversation it is accepted
   * without its evidence; the packet's length bounds it.
   */
  emergencyRequestBytes: 64 * 1_024,
  /** Bytes of an encoded election, enough for the addresses of 10,000 stewards. Beyond: the proposal is rejected. */
  electionRequestBytes: 256 * 1_024,
  /** Bytes that a proposal and its proposer's vote add to the request; bytes of a single vote. Beyond: it is rejected. */
  proposalFrameBytes: 4 * 1_024,
  /**
   * Membership proposals remembered to reconcile commits with, in a `de-mls-3` conversation. Beyond: the oldest is
   * forgotten.
   */
  observedProposals: 64,
  /**
   * Votes of non-members remembered for one proposal, and voters of a rejected proposal. Beyond: the vote or proposal
   * is not remembered.
   */
  observedVotes: 1_024,
  /**
   * Votes bundled with a rejected proposal that is remembered: each costs a verification. Beyond: the proposal is not
   * remembered.
   */
  observedBundledVotes: 32,
  /**
   * Changes in one commit. Beyond: the commit is rejected by all. A 3.0.0 steward commits 50 at most, and accepts a
   * commit of any number.
   */
  commitChanges: 256,
  /**
   * Candidates of one steward in a strict conversation that no member has chosen: after a failed freeze it sends another
   * one. Beyond: a new one is ignored until a member has chosen it. In `de-mls-3` mode the greater of two is evicted.
   */
  candidatesPerSteward: 4,
  /**
   * Least milliseconds between two commits by which one member renews its keys. Beyond: the others do not choose the
   * later commit, unless half of the time has passed.
   */
  keyRenewalIntervalMs: 3_600_000,
  /** Hashes of merged commits. Beyond: the oldest is forgotten. */
  committed: 10,
  /** Buffered removals, requested by members. Beyond: a new one is rejected. */
  pendingRemovals: 256,
  /** Buffered key packages of joiners. Anyone on the network can send any number. Beyond: a new one is rejected. */
  pendingInvitations: 128,
  /** Time after a packet of the welcome subtopic in which the same bytes are not read again. Joiners repeat theirs later. */
  announcementPauseMs: 5_000,
  /** Digests of such packets. Beyond: the oldest is forgotten, and a repeated packet is read again. */
  recentAnnouncements: 1_024,
  /** Age of a buffered membership change. Beyond: it is evicted if a new one needs its place. */
  pendingUpdateAgeMs: 600_000,
  /** Time in which a joiner that waits for its admission has to announce itself again. Beyond: it waits no longer. */
  joinRequestMs: 3_600_000,
  /**
   * Received packets that wait for a step. Beyond: a new one is dropped unread, and one `error` event is emitted until
   * the queue is half empty.
   */
  inboundPackets: 8_192,
  /** Bytes of the received packets that wait for a step. Beyond: as for `inboundPackets`. */
  inboundBytes: 32 * 1_024 * 1_024,
  /**
   * Received packets that wait for a step in all conversations of a user. Beyond: a new one is dropped as for
   * `inboundPackets`, except where none waits in its conversation.
   */
  inboundPacketsOfAll: 32_768,
  /** Bytes of the received packets that wait in all conversations of a user. Beyond: as for `inboundPacketsOfAll`. */
  inboundBytesOfAll: 128 * 1_024 * 1_024,
  /** Epochs ahead of the group of which packets are buffered. Beyond: the packet is ignored. */
  bufferedEpochs: 2,
  /** Buffered packets of later epochs, or of a joiner. Beyond: the oldest of the furthest epoch is evicted. */
  bufferedPackets: 512,
  /** Bytes of the buffered packets. Beyond: the oldest of the furthest epoch is evicted. */
  bufferedPacketBytes: 8 * 1_024 * 1_024,
  /** Buffered packets of one epoch. Beyond: its oldest is evicted. */
  bufferedPacketsPerEpoch: 384,
  /** Time that a buffered packet waits for its epoch. Beyond: it is evicted. */
  bufferedPacketAgeMs: 120_000,
  /** Epochs ahead that an `epochGap` event reports, and `epochGap` events of one epoch. Beyond: none is emitted. */
  epochGap: 16,
  /**
   * Open proposals of one member in a strict conversation. Beyond: the default vote on all of them is no. A member
   * opens half as many membership changes, because others may not have received its latest decisions.
   */
  openProposalsPerMember: 8,
  /**
   * Open proposals of one member remembered in a strict conversation. Beyond: the one with the largest id is evicted.
   */
  rememberedProposalsPerMember: 16,
  /** Proposals buffered until their electorate is known. Beyond: the oldest is evicted. */
  bufferedProposals: 32,
  /** Votes buffered until their proposal arrives. Beyond: the oldest is evicted. */
  bufferedVotes: 128,
  /** Buffered votes of one sender. Beyond: its oldest is evicted. */
  bufferedVotesPerSender: 16,
  /** Time after a commit in which the epoch before still counts. Beyond: only chat does, of members with the same key. */
  pastEpochChatMs: 120_000,
  /** Identity proofs that were verified and need not be verified again. Beyond: the oldest is forgotten. */
  identityProofs: 1_024,
  /** References of spent key packages. Beyond: the oldest is forgotten. */
  spentKeyPackages: 1_024,
  /** References of spent key packages in a ConversationSync. Beyond: the newest are sent; more are ignored. */
  syncedKeyPackages: 64,
  /** Remembered refusals of joiners. Beyond: the one refused longest ago is forgotten. */
  refusedJoiners: 256,
  /** Remembered withdrawals of key packages. Beyond: the oldest of the joiner with the most is forgotten. */
  withdrawnKeyPackages: 256,
  /** Time after a refusal in which no other key package of that joiner opens a vote. Before: it is ignored. */
  refusalMs: 600_000,
  /**
   * Remembered bans. Beyond: one that a commit brings makes room, first one that others have told of, then a lifted one, then
   * the one that ends first; one that others tell of is ignored. A record or ConversationSync with more is rejected.
   */
  bans: 256,
  /** New bans that a member takes from the record of one commit, the first ones. Beyond: they are ignored. */
  toldBans: 8,
  /** Members that have left, and are banned if a vote on their removal ends so. Beyond: the first to leave is forgotten. */
  leavers: 64,
  /** Bytes of a banned identity. Beyond: the ban is not remembered; a record or ConversationSync with it is rejected. */
  bannedIdBytes: 256,
  /**
   * Remembered invitations. Beyond: of the inviter with the most, one makes room for one that was seen: one that others have
   * told of, then an unused one, then the one that expires first; one that others tell of is ignored. While they are
   * complete, an unknown one is not good. A record or ConversationSync with more is rejected.
   */
  knownInvitations: 128,
  /** Invitations that the record of one commit adds or changes, the first ones. Beyond: they are ignored. */
  toldInvitations: 8,
  /** Bytes of an inviter's identity. Beyond: the invitation is rejected, as is a record or ConversationSync with it. */
  inviterIdBytes: 64,
  /** Arrivals of members. Beyond: a record or ConversationSync with more is rejected. */
  arrivals: 8_192,
  /** Bytes of the identity of a sponsor. Beyond: a record or ConversationSync with it is rejected. */
  sponsorIdBytes: 256,
  /** Arrivals kept of members that have left within their probation. Beyond: the oldest is forgotten. */
  departedNewcomers: 256,
  /** Withdrawals of joiners that are read in a minute. Beyond: they are ignored, and the joiner may be added. */
  withdrawalsPerMinute: 60,
  /** Members of left branches that this member vouches for. Beyond: the earliest is forgotten, and asked about. */
  companions: 256,
  /** Other groups of its name whose welcomes a joiner reports. Beyond: none is reported. */
  answeringGroups: 8,
  /** Own welcomes kept for joiners that ask again. Beyond: the oldest is forgotten. */
  keptWelcomes: 8,
  /** Welcomes that a joiner holds until its group is confirmed. Beyond: the oldest is dropped; it is sent again. */
  heldWelcomes: 4,
  /** Joins that a user has given up and whose late welcomes it answers by a leave. Beyond: the oldest is forgotten. */
  farewells: 16,
  /** Added key packages whose epochs a member can confirm. Beyond: the oldest is forgotten. */
  admittedJoiners: 256,
  /** Confirmations that joiners have asked for in a minute. Beyond: a request is ignored, and the joiner asks again. */
  confirmationsPerMinute: 32,
  /** Inviters whose lists of deputies are kept. Beyond: that of another one is ignored. */
  deputyLists: 128,
  /** Notices of leaves that wait to be sent. Beyond: the oldest is dropped. */
  leafNotices: 16,
  /** Notices of its own leaf that a joiner believes; anyone can forge them. Beyond: a new one is ignored. */
  ownLeafNotices: 4,
  /** References of earlier key packages by which a member has asked to replace its leaf. Beyond: the oldest is forgotten. */
  earlierRejoins: 16,
  /** Leaves replaced by one commit. Beyond: the others wait for the next. */
  rejoinsPerCommit: 8,
  /** Forks whose epoch a member can return to. Beyond: the last one of a majority goes, else a new one is not kept. */
  forks: 8,
  /** Time after which a member no longer returns to a fork, and forgets its keys. */
  forkAgeMs: 24 * 3_600_000,
  /** Merged commits that a member has taken back and never merges again. Beyond: the oldest is forgotten. */
  leftCommits: 64,
  /** Epochs of a branch that was left, whose other members are told so. Beyond: the oldest is forgotten. */
  departedEpochs: 8,
  /** Own chat messages kept to send them again. Beyond: the oldest that a member has is forgotten, or `notDelivered`. */
  sentMessages: 256,
  /** Bytes of these messages. Beyond: the oldest that a member has is forgotten, or `notDelivered`. */
  sentMessageBytes: 1_048_576,
  /** Time after its first encryption in which such a message is sent again. Beyond: it is `notDelivered`. */
  undeliveredMs: 7 * 24 * 3_600_000,
  /** Ids of received chat messages, which are not shown again. Beyond: the oldest is forgotten. */
  shownMessages: 1_024,
  /** Multiple of `loggedPackets`, `loggedBytes`, `loggedPacketsPerSender` and `repairEpochs` with the setting `archive`. */
  archiveFactor: 16,
  /** Packets of the open and past epochs that are kept for other members. Beyond: see `loggedBytes`. */
  loggedPackets: 4_096,
  /** Bytes of these packets. Beyond: the oldest packet of the sender with the most bytes is evicted. */
  loggedBytes: 8 * 1_024 * 1_024,
  /** Packets kept of one sender in one epoch. Beyond: the oldest is evicted. */
  loggedPacketsPerSender: 512,
  /** Epochs of which packets are kept. Beyond: the oldest epoch is forgotten. */
  repairEpochs: 64,
  /** Time after leaving an epoch in which its packets are kept. Beyond: the epoch is forgotten. */
  repairAgeMs: 7 * 24 * 3_600_000,
  /** Ranges of missing generations, or of generations without a packet, in one report. Beyond: it is rejected. */
  repairRanges: 128,
  /** Candidates in one report. Beyond: it is rejected. Remembered ids of refused ones. Beyond: the oldest is forgotten. */
  repairCandidates: 64,
  /** Choices of one member in one epoch: two show that it is dishonest. Beyond: a new one is ignored. */
  choicesPerMember: 2,
  /** Equivocations that are remembered. Beyond: the oldest of the member with the most is forgotten. */
  equivocations: 64,
  /** Generations by which a report may be ahead of this member. Beyond: that part of the report is ignored. */
  repairGenerationsAhead: 1_000,
  /** Remembered ranges of generations without a packet. Beyond: the oldest is forgotten. */
  repairVoids: 256,
  /** Answers that wait to be sent. Beyond: the oldest is dropped. */
  repairAnswers: 32,
  /** Remembered nonces of answered requests. Beyond: the oldest is forgotten. */
  repairNonces: 256,
  /** Members whose answers of the last minute are counted. Beyond: the oldest count is forgotten. */
  repairQuotas: 1_024,
  /** Answers to one member in a minute. Beyond: its request is ignored. */
  repairAnswersPerMinute: 30,
  /** Bytes of answers to one member in a minute. Beyond: its request is ignored. */
  repairBytesPerMinute: 1_024 * 1_024,
  /** Bytes of answers to all members in a minute. Beyond: a request is ignored. */
  repairBytesOfAllPerMinute: 2 * 1_024 * 1_024,
  /**
   * Ratio of the bytes of answers to a former member and those of its requests, in ten minutes. Beyond: the rest waits
   * for further requests. Two members may answer at once, so twice as much is possible.
   */
  formerAnswerFactor: 10,
  /** Bytes of answers to all former members in ten minutes. Beyond: a request is ignored. */
  formerAnswerBytes: 64 * 1_024,
  /** Packets in one answer. Beyond: the answer is rejected; the rest follows in another. */
  servedPackets: 256,
  /** Bytes of the packets in one answer. Beyond: the rest follows in another. */
  servedBytes: 512 * 1_024,
  /** Packets that are read of the transport's history after a start or a pause. Beyond: the later ones are not read. */
  historyPackets: 65_536,
  /** Bytes of these packets. Beyond: as for `historyPackets`. */
  historyBytes: 256 * 1_024 * 1_024,
  /** Packets that wait to be published. Beyond: new chat is rejected; of other packets the oldest is dropped. */
  outbox: 1_024,
  /** Repair packets that the transport has not answered yet. Beyond: a new one is dropped. */
  transmissions: 16,
  /** Attempts to publish one packet, besides those for which nobody was there. Beyond: the packet is dropped. */
  publishAttempts: 6,
  /** Time that the transport has for one attempt. Beyond: the attempt counts as failed. */
  publishTimeoutMs: 30_000,
  /** Stored events that are not acknowledged. Beyond: the oldest is forgotten. */
  unacknowledgedEvents: 4_096,
  /** Bytes of chat in the stored events. Beyond: the oldest is forgotten. */
  unacknowledgedEventBytes: 64 * 1_024 * 1_024,
  /** Events that wait in one iterator of `events()`. Beyond: the iterator rejects with `events-overrun`. */
  iteratedEvents: 4_096,
  /** Bytes of chat that wait in one iterator of `events()`. Beyond: the iterator rejects with `events-overrun`. */
  iteratedEventBytes: 64 * 1_024 * 1_024,
  /** Steps that have run and are not stored yet. Beyond: the next step waits. */
  unstoredSteps: 64,
  /** Restored conversations whose first step runs at the same time after a start. Beyond: the next one waits. */
  turnsAtOnce: 16,
  /** Ended conversations with events that are not acknowledged. Beyond: at a restart the oldest is forgotten. */
  endedConversations: 16,
  /** Time that closing waits for a step that hangs, as in storage. Beyond: closing goes on without it. */
  closeTimeoutMs: 30_000,
  /** Time that closing waits until the withdrawals of joins are published. Beyond: the next start withdraws them. */
  farewellCloseMs: 1_000,
  /** Members whose last claimed name is kept in a `de-mls-3` conversation. Beyond: the one noted first is forgotten. */
  claimedNames: 1_024,
  /** Members marked as verified. Beyond: the one marked first loses its mark. */
  verifiedMembers: 1_024,
  /** Messages that one call of `messages()` returns. Beyond: the call is rejected. */
  calledMessages: 256,
  /** Messages of a history that a stream or a deletion has in memory at a time. Beyond: it reads the next ones later. */
  historyPage: 32,
  /** Chat messages queued during a freeze. Beyond: a new one is rejected. */
  queuedMessages: 256,
  /** Bytes of one chat message; an application sends a larger file as a link. Beyond: it is rejected. */
  messageBytes: 256 * 1_024,
  /** Messages sealed since the group was stored, whose keys derive theirs. Beyond: the group is stored anew. */
  sealedMessages: 64,
  /** Opened messages stored beside a group. Beyond: the group is stored anew in their place. */
  journalMessages: 64,
  /** Bytes of the opened messages stored beside a group. Beyond: the group is stored anew in their place. */
  journalBytes: 256 * 1_024,
  /** Distance from zero of the scores and the threshold in a ConversationSync. Beyond: the sync is rejected. */
  syncScore: 1_000_000_000n,
} as const;
