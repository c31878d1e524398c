import type { ConversationUpdateRequest, Proposal } from "@demls/wire";
import { expect } from "vitest";
import type { InboundOutcome } from "../../src/trace/index.js";
import { sealed, sendUnchecked, vote } from "./commands.js";
import { forgedProposal, signedVote } from "./forgery.js";
import { eventsOf } from "./views.js";
import { deliver, receive, type Member, type World } from "./world.js";

/** Hands one member another's vote, whatever that other's own session thinks of it. */
export async function receiveVote(
  world: World,
  to: Member,
  from: Member,
  proposal: Proposal,
  choice: boolean,
): Promise<InboundOutcome> {
  const cast = await signedVote(world, from.signer, proposal, choice);
  return receive(world, to, await sealed(from, { kind: "vote", vote: cast }));
}

/**
 * A member puts a request to the vote with its own yes, past every rule of its own session.
 *
 * @returns the proposal's id.
 */
export async function putToVote(
  world: World,
  from: Member,
  request: ConversationUpdateRequest,
): Promise<number> {
  const proposal = forgedProposal(world, from, request);
  const votes = [await signedVote(world, from.signer, proposal, true)];
  await sendUnchecked(world, from, { kind: "proposal", proposal: { ...proposal, votes } });
  await deliver(world);
  return proposal.proposalId;
}

/** The votes that will be cast for members on the proposal that they were asked about last. */
export function defaultsOf(members: readonly Member[]): readonly (boolean | undefined)[] {
  return members.map((member) => eventsOf(member, "voteRequested").at(-1)?.defaultVote);
}

/** Members are talked into a yes by hand, each of them, and the vote is decided. */
export async function voteIn(world: World, members: readonly Member[], proposalId: number): Promise<void> {
  for (const member of members) await vote(world, member, proposalId, true);
  await deliver(world);
  for (const member of members) {
    expect(eventsOf(member, "proposalDecided").at(-1)).toMatchObject({ proposalId, result: "yes" });
  }
}
