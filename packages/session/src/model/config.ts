import { DemlsError, settingsWith } from "@demls/wire/core";

/**
 * Timers and voting settings of a conversation. All times are in milliseconds.
 *
 * Joiners receive the creator's values with the ConversationSync, except the two voting delays and
 * `quietAfterCommitMs`, which each member sets. Defaults and meaning are those of de-mls 3.0.0
 * (`src/core/conversation/config.rs`).
 */
export interface ConversationConfig {
  /** Time from approval to the freeze without a commit. @default 60_000 */
  readonly commitInactivityMs: number;
  /** Duration of a freeze, in which candidates are collected. @default 30_000 */
  readonly freezeMs: number;
  /**
   * Replaces `commitInactivityMs` during recovery. Also the delay between fallback proposers of an election. @default
   * 5_000
   */
  readonly recoveryInactivityMs: number;
  /** Lifetime of a proposal, at least 1_000; sent in whole seconds. @default 600_000 */
  readonly proposalExpirationMs: number;
  /** When an open vote is settled by the votes there are. At least 100. @default 30_000 */
  readonly consensusTimeoutMs: number;
  /** Delay of the default vote. @default 10_000 */
  readonly votingDelayMs: number;
  /** Delay of the default vote in elections. @default 5_000 */
  readonly electionVotingDelayMs: number;
  /**
   * Delay after a commit or join before this member sends messages of the new epoch, except the welcome: 3.0.0 members
   * drop messages and elections received before they merge (weaknesses W6, W13). Limited to half of `freezeMs` and half
   * of `consensusTimeoutMs`. Not synchronised; unused in strict conversations. Messages sent meanwhile are published
   * afterwards: await `published` before closing. @default 250
   */
  readonly quietAfterCommitMs: number;
  /** Number of epochs after which a buffered membership change expires. @default 3 */
  readonly pendingUpdateMaxEpochs: number;
  /** Number of retries after a rejected election. @default 1 */
  readonly maxReelectionAttempts: number;
  /** Whether missing votes count as yes; also the default vote. @default true */
  readonly livenessCriteriaYes: boolean;
}

/** Default settings, as in de-mls 3.0.0. */
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

/** Minimum proposal lifetime: it is sent in whole seconds, so less would be zero (weakness W15). */
export const MIN_PROPOSAL_EXPIRATION_MS = 1_000;

/** A vote that is settled sooner ends before anyone can be heard. Binds a received ConversationSync as well. */
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

/** Longest delay of every platform's timers: 2^31 - 1 ms. */
export const MAX_DURATION_MS = 2_147_483_647;

const COUNTS = ["pendingUpdateMaxEpochs", "maxReelectionAttempts"] as const;

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
