import { DemlsError, settingsWith } from "@demls/wire/core";

/**
 * Settings of a conversation: the lengths of its phases, and how its votes are held.
 *
 * The creator's values reach joiners with the ConversationSync, except those that stay each member's own. Defaults and
 * meaning as in de-mls 3.0.0 (`src/core/conversation/config.rs`). Unless it says otherwise, a duration has at most 2^31 - 1
 * ms. A count is at most 2^32 - 1.
 */
export interface ConversationConfig {
  /**
   * Time that the first approved change waits for others to share its commit: the largest part of every join. From 1.
   * Shorter: more and smaller commits. A joiner gives up after five times its own value, but not before the epoch
   * steward and one more proposer could be replaced: 2 × `recoveryInactivityMs` + `consensusTimeoutMs` +
   * `commitInactivityMs` + `freezeMs`, and at least 10 seconds.
   * @default 60_000
   */
  readonly commitInactivityMs: number;
  /**
   * Time that the first approved change waits for others to share its commit, in a strict conversation; two seconds at least
   * while votes are open. From 1. Shorter: more and smaller commits. Each member's own.
   * @default 250
   */
  readonly batchMs: number;
  /**
   * Time after which the next member commits in place of one that has not, in a strict conversation. From 1: longer than a
   * packet takes. Shorter: more commits that compete. Each member's own.
   * @default 2_000
   */
  readonly standInMs: number;
  /**
   * Time in which commit candidates are gathered, while chat waits; it ends early once all stewards have sent theirs.
   * From 1. Shorter than the network needs: late candidates, and reelections.
   * @default 30_000
   */
  readonly freezeMs: number;
  /**
   * Time that replaces `commitInactivityMs` in recovery and after a rejected election; also the interval at which
   * fallback proposers follow each other, so longer than a packet takes. From 1.
   * @default 5_000
   */
  readonly recoveryInactivityMs: number;
  /**
   * Lifetime of a proposal, and so the time that a wallet has to sign one. From 1,000; whole seconds travel. Below
   * `votingDelayMs`: default votes come too late, and a strict conversation removes by hand votes only.
   * @default 600_000
   */
  readonly proposalExpirationMs: number;
  /**
   * Time after which an open vote is settled by the votes it has: the delay that absent members cause. From 100.
   * Shorter: late votes are not counted.
   * @default 30_000
   */
  readonly consensusTimeoutMs: number;
  /**
   * Time to vote by hand, after which the default vote is cast: a join or ban that gets no hand votes takes this long.
   * From 1 to below `consensusTimeoutMs`. Each member's own.
   * @default 10_000
   */
  readonly votingDelayMs: number;
  /**
   * Time to vote by hand, in a strict conversation, where the default vote asks no person: on a joiner that the member's policy
   * admits, and on a steward list that it derives itself. 0: the vote is cast at once, without a `voteRequested` event. Each
   * member's own.
   * @default 0
   */
  readonly deliberationMs: number;
  /**
   * The same for steward elections; a list of n stewards needs one in n commits. Chat goes on meanwhile. From 1 to
   * below `consensusTimeoutMs`. Each member's own.
   * @default 5_000
   */
  readonly electionVotingDelayMs: number;
  /**
   * Time after a commit, or after joining, in which this member sends only the welcome: a 3.0.0 member that merges
   * later drops other packets (weaknesses W6, W13). From 0; more than half of `freezeMs` or of `consensusTimeoutMs`
   * counts as that half. Unused in a strict conversation. Messages of that time are sent at its end: await `published`
   * before closing. Each member's own.
   * @default 250
   */
  readonly quietAfterCommitMs: number;
  /**
   * Age at which this member renews its keys by a commit without changes, as by `renewKeys`: a week. 0: never. Only in a
   * strict conversation. Each member's own.
   * @default 604_800_000
   */
  readonly keyRenewalMs: number;
  /**
   * Whether this member keeps `LIMITS.archiveFactor` times as many packets and epochs for members that were away: a
   * keeper, such as a server that is always there. Only in a strict conversation. Each member's own.
   * @default false
   */
  readonly archive: boolean;
  /**
   * Time after which a member that was removed by a vote may be let in again by default votes: 30 days. 0: at once; at
   * most 365 days. Only in a strict conversation.
   * @default 2_592_000_000
   */
  readonly banMemoryMs: number;
  /**
   * Time for which a member that came in by default votes is a newcomer, which votes on joiners alone: 24 hours. Until
   * then the members before it decide on removals, emergencies and elections, unless more than half of them confirm it
   * by hand (`Conversation.confirmMember`). 0: it votes on everything at once, and `guestShare` has no effect; at most
   * 365 days. Only in a strict conversation.
   * @default 86_400_000
   */
  readonly probationMs: number;
  /**
   * Number of settled members for which one member may bring one newcomer into a strict conversation by default votes
   * within `probationMs`; it may always bring one. The members are asked about the others. 0: no bound. A founder is
   * not bound while all others are newcomers.
   * @default 3
   */
  readonly guestShare: number;
  /** Epochs for which a buffered membership change is proposed again. From 0. @default 3 */
  readonly pendingUpdateMaxEpochs: number;
  /** Further elections after a rejected one, before a Deadlock lets any member commit. From 0. @default 1 */
  readonly maxReelectionAttempts: number;
  /**
   * Whether silence counts as yes; also the default vote. `false`: every join needs the hand votes of two thirds. In a
   * strict conversation silence never counts as yes on a removal.
   * @default true
   */
  readonly livenessCriteriaYes: boolean;
}

/** Default settings, as in de-mls 3.0.0. */
export const defaultConversationConfig: ConversationConfig = {
  commitInactivityMs: 60_000,
  batchMs: 250,
  standInMs: 2_000,
  freezeMs: 30_000,
  recoveryInactivityMs: 5_000,
  proposalExpirationMs: 600_000,
  consensusTimeoutMs: 30_000,
  votingDelayMs: 10_000,
  deliberationMs: 0,
  electionVotingDelayMs: 5_000,
  quietAfterCommitMs: 250,
  keyRenewalMs: 604_800_000,
  archive: false,
  banMemoryMs: 2_592_000_000,
  probationMs: 86_400_000,
  guestShare: 3,
  pendingUpdateMaxEpochs: 3,
  maxReelectionAttempts: 1,
  livenessCriteriaYes: true,
};

/** Shortest lifetime of a proposal: a shorter one is zero on the wire, which has whole seconds (weakness W15). */
export const MIN_PROPOSAL_EXPIRATION_MS = 1_000;

/** Shortest time until a vote is settled, so that votes can arrive. Binds a received ConversationSync as well. */
export const MIN_CONSENSUS_TIMEOUT_MS = 100;

const DURATIONS = [
  "commitInactivityMs",
  "batchMs",
  "standInMs",
  "freezeMs",
  "recoveryInactivityMs",
  "proposalExpirationMs",
  "consensusTimeoutMs",
  "votingDelayMs",
  "electionVotingDelayMs",
] as const;

/** Longest duration, 2^31 - 1: timers of every platform accept it. */
export const MAX_DURATION_MS = 2_147_483_647;

/** Longest ban memory and longest probation: 365 days. Binds a received ConversationSync as well. */
export const MAX_MEMORY_MS = 31_536_000_000;

const COUNTS = ["guestShare", "pendingUpdateMaxEpochs", "maxReelectionAttempts"] as const;

/**
 * Returns `base` with `overrides` applied, validated.
 *
 * @param overrides any of the settings; `undefined` keeps the value of `base`.
 * @param base default settings; missing values are taken from {@link defaultConversationConfig}.
 * @throws DemlsError `invalid-config` with the field: an unknown setting, a duration that is not an integer from 1 to
 *   2^31 - 1, a proposal lifetime below 1 second, a consensus timeout below 100 ms, a voting delay not shorter than it,
 *   or a count that is not a uint32.
 */
export function conversationConfig(
  overrides: Partial<ConversationConfig> = {},
  base: Partial<ConversationConfig> = defaultConversationConfig,
): ConversationConfig {
  const defaults = settingsWith(defaultConversationConfig, base, "invalid-config");
  const config = settingsWith(defaults, overrides, "invalid-config");
  for (const field of DURATIONS) {
    if (!isIntegerBetween(config[field], 1, MAX_DURATION_MS)) {
      throw invalid(field, "is not a duration", "Give whole milliseconds from 1 to 2147483647.");
    }
  }
  for (const field of ["quietAfterCommitMs", "keyRenewalMs", "deliberationMs"] as const) {
    if (!isIntegerBetween(config[field], 0, MAX_DURATION_MS))
      throw invalid(field, "is not a duration", "Give whole milliseconds from 0 to 2147483647.");
  }
  for (const field of ["banMemoryMs", "probationMs"] as const) {
    if (!isIntegerBetween(config[field], 0, MAX_MEMORY_MS))
      throw invalid(field, "is not a duration", "Give whole milliseconds from 0 to 31536000000.");
  }
  for (const field of COUNTS) {
    if (!isIntegerBetween(config[field], 0, 0xffff_ffff)) {
      throw invalid(field, "is not a count", "Give a whole number from 0 to 4294967295.");
    }
  }
  for (const field of ["archive", "livenessCriteriaYes"] as const) {
    if (typeof config[field] !== "boolean") throw invalid(field, "is not a boolean", "Give true or false.");
  }
  if (config.proposalExpirationMs < MIN_PROPOSAL_EXPIRATION_MS) {
    throw invalid("proposalExpirationMs", "is below one second", "Give at least 1000.");
  }
  if (config.consensusTimeoutMs < MIN_CONSENSUS_TIMEOUT_MS) {
    throw invalid("consensusTimeoutMs", "is too short for votes to arrive", "Give at least 100.");
  }
  for (const field of ["votingDelayMs", "electionVotingDelayMs"] as const) {
    if (config[field] >= config.consensusTimeoutMs) {
      throw invalid(field, "does not end before consensusTimeoutMs", "Give a shorter voting delay.");
    }
  }
  return config;
}

function isIntegerBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function invalid(
  field: keyof ConversationConfig,
  what: string,
  remedy: string,
): DemlsError<"invalid-config"> {
  return new DemlsError("invalid-config", { message: `${field} ${what}.`, field, remedy });
}
