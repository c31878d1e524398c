import type { ConversationUpdateRequest } from "@demls/wire";
import { expect } from "vitest";
import { forgedProposal, signedVote } from "./forgery.js";
import { command, deliver, eventsOfKind, say, type Member, type World } from "./stepwise.js";

/**
 * A member puts a request to the vote with its own yes, past every rule of its own session.
 *
 * @returns the proposal's id.
 */
export async function putToTheVote(
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

/** The votes that will be cast for members on the proposal that they were asked about last. */
export function defaultsOf(members: readonly Member[]): readonly (boolean | undefined)[] {
  return members.map((member) => eventsOfKind(member, "voteRequested").at(-1)?.defaultVote);
}

/** Members are talked into a yes by hand, each of them, and the vote is decided. */
export async function voteIn(world: World, members: readonly Member[], proposalId: number): Promise<void> {
  for (const member of members) await command(world, member, { kind: "vote", proposalId, vote: true });
  await deliver(world);
  for (const member of members) {
    expect(eventsOfKind(member, "proposalDecided").at(-1)).toMatchObject({ proposalId, result: "yes" });
  }
}
