import type { ChangeRequest } from "../../src/model/request.js";
import type { Proposal } from "@demls/wire";
import { expect } from "vitest";
import type { InboundOutcome } from "../../src/trace/index.js";
import { sealed, sendUnchecked, vote } from "./commands.js";
import { forgedProposal, signedVote } from "./forgery.js";
import { eventsOf } from "./views.js";
import { deliver, receive, type Member, type World } from "./world.js";

/** Delivers a member's vote to another member, without the sender's checks. */
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
 * Proposes a request with the proposer's yes, without the proposer's checks.
 *
 * @returns the proposal's id.
 */
export async function putToVote(world: World, from: Member, request: ChangeRequest): Promise<number> {
  const proposal = forgedProposal(world, from, request);
  const votes = [await signedVote(world, from.signer, proposal, true)];
  await sendUnchecked(world, from, { kind: "proposal", proposal: { ...proposal, votes } });
  await deliver(world);
  return proposal.proposalId;
}

/** Default votes of members on the latest proposal. */
export function defaultsOf(members: readonly Member[]): readonly (boolean | undefined)[] {
  return members.map((member) => eventsOf(member, "voteRequested").at(-1)?.defaultVote);
}

/** Decides a vote with a manual yes of every member. */
export async function voteIn(world: World, members: readonly Member[], proposalId: number): Promise<void> {
  for (const member of members) await vote(world, member, proposalId, true);
  await deliver(world);
  for (const member of members) {
    expect(eventsOf(member, "proposalDecided").at(-1)).toMatchObject({ proposalId, result: "yes" });
  }
}
