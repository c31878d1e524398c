import type { MemberId } from "@demls/wire/core";

import type { ScoreEvent, ScoreOp } from "./score-event.js";

/**
 * What an emergency proposal accuses whom of: the decoded `ViolationEvidence` of the wire, as far as it
 * scores.
 */
export interface EmergencyEvidence {
  /**
   * Number of `ViolationType` on the wire: 0 unspecified, 1 broken commit, 2 broken MLS proposal, 3
   * censorship or inactivity, 4 score below threshold, 5 deadlock. Any other is taken as unspecified.
   */
  readonly violationType: number;
  /** The accused. */
  readonly target: MemberId;
  /** The accuser. */
  readonly creator: MemberId;
}

/**
 * Violations that cost their target. A score below the threshold leads to a removal instead, and a deadlock
 * has no target.
 */
const targetEvents: ReadonlyMap<number, ScoreEvent> = new Map([
  [1, "broken-commit"],
  [2, "broken-mls-proposal"],
  [3, "censorship-inactivity"],
]);

/**
 * What a decided emergency does to scores. Accepted: a reward for its creator, then the target's penalty
 * where the violation has one. Refused: a penalty for its creator.
 *
 * @param evidence - From the emergency's payload. The caller has made sure that the creator sent it: a
 * creator that was merely named must not pay.
 * @param approved - What the group decided.
 */
export function emergencyScoreOps(evidence: EmergencyEvidence, approved: boolean): readonly ScoreOp[] {
  const { violationType, target, creator } = evidence;
  if (!approved) return [{ memberId: creator, event: "emergency-no-creator" }];
  const targetEvent = targetEvents.get(violationType);
  return [
    { memberId: creator, event: "emergency-yes-creator" },
    ...(targetEvent === undefined ? [] : [{ memberId: target, event: targetEvent }]),
  ];
}
