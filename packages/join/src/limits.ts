/** Bounds of what a member spends on joiners, and a joiner on members. */
export const JOIN_LIMITS = {
  /** Signature checks of probes in a second, which anyone can cause. Beyond: they are not read, and the joiner asks again. */
  probeChecksPerSecond: 64,
  /** Probes that a member answers in a minute, those of good signatures. Beyond: the joiner asks again. */
  probesPerMinute: 60,
  /** Probes of one invitation that a member answers in a minute. Beyond: its holder asks again. */
  probesPerInvitation: 30,
  /** Probes that others have the turn to answer. Beyond: this member does not answer if they do not. */
  waitingProbes: 32,
  /** Digests of probes, by which one that is delivered again is ignored. Beyond: the oldest is forgotten. */
  readProbes: 1_024,
  /** Probes of a joiner whose answers are awaited. Beyond: the oldest is forgotten. */
  pendingProbes: 4,
  /** Answers to one probe that are opened; two members answer. Beyond: they are ignored. */
  openedAnswers: 8,
  /** Members whose last answers a joiner keeps. Beyond: that of the member that answered longest ago is forgotten. */
  answeringMembers: 64,
} as const;
