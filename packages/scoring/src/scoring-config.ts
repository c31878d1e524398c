import { DemlsError, settingsWith } from "@demls/wire/core";

import { fitsInt64 } from "./int64.js";

/** Settings of the scores of a conversation. */
export interface ScoringConfig {
  /** Score of a new member. Signed 64-bit. @default 100n */
  readonly defaultScore: bigint;
  /** Score at or below which the stewards propose to remove a member. Signed 64-bit. @default 0n */
  readonly threshold: bigint;
}

/** Defaults of de-mls 3.0.0: from 100 down to 0. */
export const defaultScoringConfig: ScoringConfig = Object.freeze({ defaultScore: 100n, threshold: 0n });

/**
 * A checked configuration, with defaults for what is left out.
 *
 * A default score at or below the threshold is allowed, as in de-mls 3.0.0: every new member then crosses
 * down at once.
 *
 * @param options - Any of the settings; `undefined` leaves one as it is in `base`.
 * @param base - Defaults for what is left out; those it leaves out itself are {@link defaultScoringConfig}.
 * @throws DemlsError `invalid-scoring-config`, `field` naming the setting, where one is unknown, or no signed
 * 64-bit bigint.
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
      message: `${field} does not fit.`,
      field,
      remedy: "Use a signed 64-bit bigint, like 100n.",
    });
  }
  return config;
}
