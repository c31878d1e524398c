import { DemlsError, settingsWith } from "@demls/wire/core";

/**
 * How long the phases of a conversation last, and how its votes are held. All times in milliseconds.
 *
 * The creator's values reach joiners with the ConversationSync, all but the two voting delays and
 * the quiet after a commit, which stay each member's own. Defaults and meaning as in de-mls 3.0.0
 * (`src/core/conversation/config.rs`).
 */
export interface ConversationConfig {
  /** How long approved work may wait for a commit before the freeze. @default 60_000 */
  readonly commitInactivityMs: number;
  /** How long commit candidates are gathered. @default 30_000 */
  readonly freezeMs: number;
  /**
   * Stands in for `commitInactivityMs` while the group recovers; and members that propose an election in the place
   * of one that is absent follow each other at this distance. @default 5_000
   */
  readonly recoveryInactivityMs: number;
  /** Lifetime of a proposal. Travels in whole seconds: at least 1_000. @default 600_000 */
  readonly proposalExpirationMs: number;
  /** When an open vote is decided by the votes there are. At least 100. @default 30_000 */
  readonly consensusTimeoutMs: number;
  /** How long a member may think before its vote is cast for it. @default 10_000 */
  readonly votingDelayMs: number;
  /** The same for steward elections. @default 5_000 */
  readonly electionVotingDelayMs: number;
  /**
   * How long after a commit, or after joining by one, this member sends nothing of the new epoch but the welcome:
   * a member of 3.0.0 that merges later drops what comes before, an election too (weaknesses W6, W13). Never more
   * than half of a freeze or of the consensus timeout. Each member's own; of no use in a strict conversation.
   * What is sent in it goes out at its end: await `published` before closing. @default 250
   */
  readonly quietAfterCommitMs: number;
  /** Epochs after which a buffered membership change is given up. @default 3 */
  readonly pendingUpdateMaxEpochs: number;
  /** Further tries after a rejected election. @default 1 */
  readonly maxReelectionAttempts: number;
  /** Whether silence counts as yes; also the vote cast for a silent member. @default true */
  readonly livenessCriteriaYes: boolean;
}

/** The settings of a conversation for which none are given: those of de-mls 3.0.0. */
export const defaultConversationConfig: ConversationConfig = {
  commitInactivityMs: 60_000,
  freezeMs: 30_000,
  recoveryInactivityMs: 5_000,
  proposalExpirationMs: 600_000,
  consensusTimeoutMs: 30_000,
  votingDelayMs: 10_000,
  electionVotingDelayMs: 5_000,
  quietAfterCommitMs: 250,
  pendingUpdateMaxEpochs: 3,
  maxReelectionAttempts: 1,
  livenessCriteriaYes: true,
};

/** Below this a proposal's lifetime would be zero on the wire, which counts in whole seconds (weakness W15). */
export const MIN_PROPOSAL_EXPIRATION_MS = 1_000;

/** A vote that is decided sooner ends before anyone can be heard. Binds a received ConversationSync as well. */
export const MIN_CONSENSUS_TIMEOUT_MS = 100;

const DURATIONS = [
  "commitInactivityMs",
  "freezeMs",
  "recoveryInactivityMs",
  "proposalExpirationMs",
  "consensusTimeoutMs",
  "votingDelayMs",
  "electionVotingDelayMs",
] as const;

/** 2^31 - 1, the longest wait that every platform's timers take. */
export const MAX_DURATION_MS = 2_147_483_647;

const COUNTS = ["pendingUpdateMaxEpochs", "maxReelectionAttempts"] as const;

/**
 * The defaults with `overrides` applied, checked.
 *
 * @param overrides any of the settings; `undefined` leaves one as it is in `base`.
 * @param base defaults for what is left out; those it leaves out itself are {@link defaultConversationConfig}.
 * @throws DemlsError `invalid-config`, naming the field: one that there is not, a duration that is not a whole number of
 *   milliseconds from 1 to 2^31 - 1, a proposal lifetime below a second, a consensus timeout
 *   below 100 ms, a voting delay that does not end before it, or a count that is not a uint32.
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
  if (!isIntegerBetween(config.quietAfterCommitMs, 0, MAX_DURATION_MS)) {
    throw invalid("quietAfterCommitMs", "is not a duration", "Give whole milliseconds from 0 to 2147483647.");
  }
  for (const field of COUNTS) {
    if (!isIntegerBetween(config[field], 0, 0xffff_ffff)) {
      throw invalid(field, "is not a count", "Give a whole number from 0 to 4294967295.");
    }
  }
  if (typeof config.livenessCriteriaYes !== "boolean") {
    throw invalid("livenessCriteriaYes", "is not a boolean", "Give true or false.");
  }
  if (config.proposalExpirationMs < MIN_PROPOSAL_EXPIRATION_MS) {
    throw invalid("proposalExpirationMs", "is below one second", "Give at least 1000.");
  }
  if (config.consensusTimeoutMs < MIN_CONSENSUS_TIMEOUT_MS) {
    throw invalid("consensusTimeoutMs", "is too short for anyone to be heard", "Give at least 100.");
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
