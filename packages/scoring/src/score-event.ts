import { DemlsError, type MemberId } from "@demls/wire/core";

import { fitsInt64 } from "./int64.js";

/**
 * Reason for a change of a member's score.
 *
 * - `broken-commit`: its commit candidate was unauthorised or bundled others' proposals, or the group accepted an
 *   emergency that says so.
 * - `broken-mls-proposal`: its candidate differed from the approved changes, or the group accepted an emergency that
 *   says so.
 * - `censorship-inactivity`: as epoch steward it lost to another commit or made none, or the group accepted an
 *   emergency that says so.
 * - `emergency-yes-creator`, `emergency-no-creator`: its emergency was accepted, or rejected.
 * - `successful-commit`: its commit became the next epoch.
 * - `honest-commit-attempt`: its rival commit held the same proposals, which is no fault.
 * - `misbehaving-commit`: its rival commit held other proposals. `@demls/session` never uses it: such a candidate
 *   counts as `broken-mls-proposal`, or is not ranked.
 */
export type ScoreEvent =
  | "broken-commit"
  | "broken-mls-proposal"
  | "censorship-inactivity"
  | "emergency-yes-creator"
  | "emergency-no-creator"
  | "successful-commit"
  | "honest-commit-attempt"
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
 * @throws DemlsError `invalid-score-deltas`, with the entry as `field`, for an unknown event or a delta that is no
 *   signed 64-bit bigint.
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
        `The delta of ${event} is no signed 64-bit bigint.`,
        "Pass a signed 64-bit bigint, like -10n.",
      );
    }
  }
  return { ...defaultScoreDeltas, ...overrides };
}

function invalidDelta(field: string, message: string, remedy: string): DemlsError<"invalid-score-deltas"> {
  return new DemlsError("invalid-score-deltas", { message, field, remedy });
}
