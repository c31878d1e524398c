import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import type { Member, World } from "./world.js";

/** An emergency as its creator declares it, but for what `twist` says. */
export function accusation(
  creator: Member,
  target: Member,
  twist: Partial<ViolationEvidence> = {},
): ConversationUpdateRequest {
  return {
    kind: "emergency_criteria",
    evidence: {
      violationType: ViolationType.BrokenCommit,
      targetMemberId: memberIdToBytes(target.id),
      evidencePayload: new Uint8Array(),
      epoch: creator.state.group?.epoch ?? 0n,
      creatorMemberId: memberIdToBytes(creator.id),
      ...twist,
    },
  };
}

/** Has everyone hold the same score of a member. */
export function agreeOnScore(world: World, { id }: Member, score: bigint): void {
  for (const member of world.members) {
    const { scoring } = member.plugins;
    const { state } = scoring.applySnapshot(member.state.scores, { diverged: [{ memberId: id, score }] });
    member.state = { ...member.state, scores: state };
  }
}
