import type { Proposal } from "@demls/wire";
import type { ConsensusErrorCode } from "./error-code.js";
import type { ConsensusContext } from "./plugin.js";
import { validateVote } from "./validate-vote.js";
import { chainFault } from "./vote-chain.js";

/**
 * Validates a proposal from the network with its bundled votes: expiration, each vote, then their chain. The number of
 * votes and duplicate owners are checked when its session is opened.
 *
 * Costs one signature verification per vote, up to the first invalid one.
 *
 * @returns The first fault in the order of the reference's `validate_proposal`, or `undefined`.
 */
export async function validateProposal(
  proposal: Proposal,
  context: ConsensusContext,
): Promise<ConsensusErrorCode | undefined> {
  if (isExpired(proposal, context.nowSeconds)) return "proposal-expired";
  for (const vote of proposal.votes) {
    if (vote.proposalId !== proposal.proposalId) return "vote-proposal-id-mismatch";
    const fault = await validateVote(vote, proposal, context);
    if (fault !== undefined) return fault;
  }
  return chainFault(proposal.votes);
}

/** Whether a proposal has expired. It expires at the start of its expiration second. */
export function isExpired(proposal: Proposal, nowSeconds: bigint): boolean {
  return nowSeconds >= proposal.expirationTimestamp;
}
