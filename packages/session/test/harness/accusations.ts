import type { ChangeRequest, EmergencyEvidence } from "../../src/model/request.js";
import type { Member, World } from "./world.js";
import { alter } from "./state.js";

/** An emergency as its creator declares it, but for what `twist` says. */
export function accusation(
  creator: Member,
  target: Member,
  twist: Partial<EmergencyEvidence> = {},
): ChangeRequest {
  return {
    kind: "emergency",
    evidence: {
      violation: "brokenCommit",
      target: target.id,
      payload: new Uint8Array(),
      epoch: creator.state.group?.epoch ?? 0n,
      creator: creator.id,
      ...twist,
    },
  };
}

/** Has everyone hold the same score of a member. */
export function agreeOnScore(world: World, { id }: Member, score: bigint): void {
  for (const member of world.members) {
    const { scoring } = member.plugins;
    const values = scoring.applySnapshot(member.state.scores.values, {
      diverged: [{ memberId: id, score }],
    });
    alter(member, "scores", { values });
  }
}
