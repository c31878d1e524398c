import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import { forgedProposal, signedVote } from "../forgery.js";
import { deliver, say, type Member, type World } from "../world.js";

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

/** Puts a request to the vote with the sender's yes, past every rule of its own session. Returns its id. */
export async function putToVote(
  world: World,
  from: Member,
  request: ConversationUpdateRequest,
): Promise<number> {
  const proposal = forgedProposal(world, from, request);
  const votes = [await signedVote(world, from.signer, proposal, true)];
  await say(world, from, { kind: "proposal", proposal: { ...proposal, votes } });
  await deliver(world);
  return proposal.proposalId;
}

/** Has everyone hold the same score of a member. */
export function agreeOnScore(world: World, { id }: Member, score: bigint): void {
  for (const member of world.members) {
    const { scoring } = member.plugins;
    const scores = scoring.applySnapshot(member.state.scores, { diverged: [{ memberId: id, score }] });
    member.state = { ...member.state, scores };
  }
}
