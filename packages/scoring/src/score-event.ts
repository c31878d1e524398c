import { DemlsError, type MemberId } from "@demls/wire/core";

import { fitsInt64 } from "./int64.js";

/**
 * An event that changes a member's score. Three of them also follow from an accepted accusation of that violation:
 * `broken-commit`, `broken-mls-proposal` and `censorship-inactivity`.
 */
export type ScoreEvent =
  /** The member sent a commit candidate that it was not allowed to make, or with proposals of other members. */
  | "broken-commit"
  /** Its commit candidate differed from the approved changes. */
  | "broken-mls-proposal"
  /**
   * It was the epoch steward, and a freeze ended with another member's commit or without one. In a strict conversation:
   * most other members say that they have no valid candidate of it.
   */
  | "censorship-inactivity"
  /** The emergency that it declared was accepted. */
  | "emergency-yes-creator"
  /** The emergency that it declared was rejected. */
  | "emergency-no-creator"
  /** Its commit was merged. */
  | "successful-commit"
  /** It is a steward, and its valid candidate was not chosen. */
  | "honest-commit-attempt"
  /**
   * Its candidate had other proposals than the chosen one. `@demls/session` scores such a candidate as
   * `broken-mls-proposal`.
   */
  | "misbehaving-commit";

/** One change to one member's score. */
export interface ScoreOp {
  readonly memberId: MemberId;
  readonly event: ScoreEvent;
}

/** Score delta of each event; negative values are penalties. Signed 64-bit. */
export type ScoreDeltas = Readonly<Record<ScoreEvent, bigint>>;

/** Deltas of de-mls 3.0.0. Members of one group should use the same, or their scores diverge. */
export const defaultScoreDeltas: ScoreDeltas = Object.freeze({
  "broken-commit": -50n,
  "broken-mls-proposal": -30n,
  "censorship-inactivity": -40n,
  "emergency-yes-creator": 20n,
  "emergency-no-creator": -50n,
  "successful-commit": 10n,
  "honest-commit-attempt": 5n,
  "misbehaving-commit": -30n,
});

/**
 * Merges deltas with the defaults.
 *
 * @param overrides - The entries that differ from {@link defaultScoreDeltas}.
 * @throws DemlsError `invalid-score-deltas`, with the entry as `field`, for an unknown event or a delta that is not a
 * signed 64-bit bigint.
 *
 * @example
 * ```ts
 * scoreDeltas({ "broken-commit": -10n }); // the rest as they are by default
 * ```
 */
export function scoreDeltas(overrides: Partial<ScoreDeltas> = {}): ScoreDeltas {
  for (const [event, delta] of Object.entries(overrides)) {
    if (!Object.hasOwn(defaultScoreDeltas, event)) {
      throw invalidDelta(event, "This score event does not exist.", "Use an event of ScoreEvent.");
    }
    if (!fitsInt64(delta)) {
      throw invalidDelta(
        event,
        `The delta of ${event} is not a signed 64-bit bigint.`,
        "Pass a signed 64-bit bigint, like -10n.",
      );
    }
  }
  return { ...defaultScoreDeltas, ...overrides };
}

function invalidDelta(field: string, message: string, remedy: string): DemlsError<"invalid-score-deltas"> {
  return new DemlsError("invalid-score-deltas", { message, field, remedy });
}
