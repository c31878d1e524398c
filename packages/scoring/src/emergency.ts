import type { MemberId } from "@demls/wire/core";

import type { ScoreEvent, ScoreOp } from "./score-event.js";

/** Accusation of an emergency proposal: the scored part of the decoded `ViolationEvidence`. */
export interface EmergencyEvidence {
  /**
   * Number of `ViolationType` on the wire: 0 unspecified, 1 broken commit, 2 broken MLS proposal, 3 censorship or
   * inactivity, 4 score below threshold, 5 deadlock. Any other counts as unspecified.
   */
  readonly violationType: number;
  /** The accused. */
  readonly target: MemberId;
  /** The accuser. */
  readonly creator: MemberId;
}

/**
 * Score events of violations that penalise their target. A score below the threshold leads to a removal instead, and a
 * deadlock has no target.
 */
const targetEvents: ReadonlyMap<number, ScoreEvent> = new Map([
  [1, "broken-commit"],
  [2, "broken-mls-proposal"],
  [3, "censorship-inactivity"],
]);

/**
 * Score changes of a decided emergency. If accepted: a reward for its creator, then the target's penalty if the
 * violation has one. If rejected: a penalty for its creator.
 *
 * @param evidence - From the emergency's payload. The caller must have checked that the creator sent it.
 * @param approved - The group's decision.
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
