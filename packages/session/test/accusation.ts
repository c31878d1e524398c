import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";

/** An emergency that a member declares against another: of a broken commit, but for what `twist` says. */
export function accusation(
  creator: MemberId,
  target: MemberId,
  twist: Partial<ViolationEvidence> = {},
): ConversationUpdateRequest {
  return {
    kind: "emergency_criteria",
    evidence: {
      violationType: ViolationType.BrokenCommit,
      targetMemberId: memberIdToBytes(target),
      evidencePayload: Uint8Array.of(1, 2, 3),
      epoch: 1n,
      creatorMemberId: memberIdToBytes(creator),
      ...twist,
    },
  };
}
