import { DemlsError, settingsWith } from "@demls/wire/core";

import { fitsInt64 } from "./int64.js";

/** Settings of the scores of a conversation. */
export interface ScoringConfig {
  /** Score of a new member. Signed 64-bit. @default 100n */
  readonly defaultScore: bigint;
  /** Score at or below which the stewards propose to remove a member. Signed 64-bit. @default 0n */
  readonly threshold: bigint;
}

/** Defaults of de-mls 3.0.0: new members have 100, the threshold is 0. */
export const defaultScoringConfig: ScoringConfig = Object.freeze({ defaultScore: 100n, threshold: 0n });

/**
 * Checks a configuration and adds defaults.
 *
 * A default score at or below the threshold is allowed, as in de-mls 3.0.0: every new member is then below it at once.
 *
 * @param options - The settings; `undefined` keeps the value of `base`.
 * @param base - Defaults; its own missing values come from {@link defaultScoringConfig}.
 * @throws DemlsError `invalid-scoring-config`, with the setting as `field`, for an unknown setting or a value that is
 * not a signed 64-bit bigint.
 */
export function scoringConfig(
  options: Partial<ScoringConfig> = {},
  base: Partial<ScoringConfig> = defaultScoringConfig,
): ScoringConfig {
  const defaults = settingsWith(defaultScoringConfig, base, "invalid-scoring-config");
  const config = settingsWith(defaults, options, "invalid-scoring-config");
  for (const field of ["defaultScore", "threshold"] as const) {
    if (fitsInt64(config[field])) continue;
    throw new DemlsError("invalid-scoring-config", {
      message: `${field} is not a signed 64-bit bigint.`,
      field,
      remedy: "Pass a signed 64-bit bigint, like 100n.",
    });
  }
  return config;
}
