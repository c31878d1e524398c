import type { ChangeRequest, EmergencyEvidence } from "../../src/model/request.js";
import type { Member, World } from "./world.js";
import { alter } from "./state.js";

/** An emergency of its creator, changed by `twist`. */
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

/** Sets the same score of a member on all members. */
export function agreeOnScore(world: World, { id }: Member, score: bigint): void {
  for (const member of world.members) {
    const { scoring } = member.plugins;
    const withScore = (values: unknown): unknown =>
      scoring.applySnapshot(values, { diverged: [{ memberId: id, score }] });
    alter(member, "scores", { values: withScore(member.state.scores.values) });
    const { opening } = member.state.record;
    if (opening !== undefined)
      alter(member, "record", { opening: { ...opening, scores: withScore(opening.scores) } });
  }
}
