import { DemlsError, settingsWith } from "@demls/wire/core";

/** Settings of the steward list of a conversation, the same for all members. */
export interface StewardListConfig {
  /**
   * Minimum number of stewards, at least 1. In a smaller group every member is one. @default 1
   */
  readonly snMin: number;
  /**
   * Maximum number of stewards, from {@link StewardListConfig.snMin} to {@link MAX_STEWARDS}. With more stewards there
   * are fewer elections, and an absent one has less effect; but each sends a candidate for every commit.
   * @default 2
   */
  readonly snMax: number;
  /**
   * Whether a commit candidate may leave out approved changes. A strict conversation is created with `true`; in mode
   * `de-mls-3` that is rejected.
   * @default false
   */
  readonly allowSubsetCandidates: boolean;
}

/**
 * Largest {@link StewardListConfig.snMax}. It bounds the cost of a list: sorting it hashes every member, and every
 * joiner receives it.
 */
export const MAX_STEWARDS = 10_000;

/** Defaults of de-mls 3.0.0: one or two stewards, whole candidates only. */
export const defaultStewardListConfig: StewardListConfig = Object.freeze({
  snMin: 1,
  snMax: 2,
  allowSubsetCandidates: false,
});

/**
 * Checks a configuration and adds defaults.
 *
 * @param options - The settings; `undefined` keeps the value of `base`.
 * @param base - Defaults; its own missing values come from {@link defaultStewardListConfig}.
 * @throws DemlsError `invalid-steward-list-config`, with the setting as `field`, if a setting is unknown, a bound is
 * not a positive whole number, `snMin` exceeds `snMax`, `snMax` exceeds {@link MAX_STEWARDS}, or
 * `allowSubsetCandidates` is not a boolean.
 *
 * @example
 * ```ts
 * stewardListConfig({ snMax: 5 }); // { snMin: 1, snMax: 5, allowSubsetCandidates: false }
 * ```
 */
export function stewardListConfig(
  options: Partial<StewardListConfig> = {},
  base: Partial<StewardListConfig> = defaultStewardListConfig,
): StewardListConfig {
  const defaults = settingsWith(defaultStewardListConfig, base, "invalid-steward-list-config");
  const config = settingsWith(defaults, options, "invalid-steward-list-config");
  const problem = stewardListConfigProblem(config);
  if (problem !== undefined) throw new DemlsError("invalid-steward-list-config", problem);
  return config;
}

/** Fault of a configuration, with a remedy. */
export interface StewardListConfigProblem {
  readonly field: keyof StewardListConfig;
  readonly message: string;
  readonly remedy: string;
}

/**
 * Checks a configuration from the network without throwing.
 *
 * @returns `undefined` for a valid configuration.
 */
export function stewardListConfigProblem(config: StewardListConfig): StewardListConfigProblem | undefined {
  const { snMin, snMax, allowSubsetCandidates } = config;
  if (!Number.isSafeInteger(snMin) || snMin < 1) {
    return {
      field: "snMin",
      message: `snMin must be a whole number of at least 1, not ${snMin}.`,
      remedy: "Set snMin to 1 or more.",
    };
  }
  if (!Number.isSafeInteger(snMax) || snMax < snMin) {
    return {
      field: "snMax",
      message: `snMax must be a whole number of at least snMin (${snMin}), not ${snMax}.`,
      remedy: "Raise snMax or lower snMin.",
    };
  }
  if (snMax > MAX_STEWARDS) {
    return {
      field: "snMax",
      message: `snMax must be at most ${MAX_STEWARDS}, not ${snMax}.`,
      remedy: `Set snMax to ${MAX_STEWARDS} or less.`,
    };
  }
  if (typeof allowSubsetCandidates !== "boolean") {
    return {
      field: "allowSubsetCandidates",
      message: "allowSubsetCandidates must be a boolean.",
      remedy: "Set allowSubsetCandidates to true or false.",
    };
  }
  return undefined;
}

/** Range of sizes of a list, both ends included. */
function sizeBounds(config: StewardListConfig, totalMembers: number): { least: number; most: number } {
  if (totalMembers < config.snMin) return { least: totalMembers, most: totalMembers };
  return { least: config.snMin, most: Math.min(config.snMax, totalMembers) };
}

/**
 * Size of a new list: as large as allowed.
 *
 * @param totalMembers - Number of candidates, 0 or more.
 * @returns `totalMembers` below `snMin`, else the smaller of `snMax` and `totalMembers`.
 */
export function computeListSize(config: StewardListConfig, totalMembers: number): number {
  return sizeBounds(config, totalMembers).most;
}

/** Whether a list of `size` stewards is allowed for `totalMembers` candidates. */
export function isValidListSize(config: StewardListConfig, size: number, totalMembers: number): boolean {
  const { least, most } = sizeBounds(config, totalMembers);
  return Number.isInteger(size) && size >= least && size <= most;
}
