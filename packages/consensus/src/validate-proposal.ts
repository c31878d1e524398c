import type { Proposal } from "@demls/wire";
import type { ConsensusErrorCode } from "./error-code.js";
import type { ConsensusContext } from "./plugin.js";
import { validateVote } from "./validate-vote.js";
import { chainFault } from "./vote-chain.js";

/**
 * Checks a proposal from the network with its bundled votes: expiration, each vote, then their chain.
 * How many votes there may be, and that no owner has two, is checked when its session is opened.
 *
 * Costs a signature verification for each vote up to the first bad one.
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

/** Whether a proposal takes no more votes: from the very second of its expiration on. */
export function isExpired(proposal: Proposal, nowSeconds: bigint): boolean {
  return nowSeconds >= proposal.expirationTimestamp;
}
