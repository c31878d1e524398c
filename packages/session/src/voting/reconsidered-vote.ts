import { decodeConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes } from "@demls/wire/core";
import { configuredVote, isDeterministicElection } from "./default-vote.js";
import { noteExpectedElection } from "./election-validity.js";
import { trace, type Transaction } from "../model/transaction.js";

/**
 * The default vote when it is cast. An election that left out members who were none to be left out when it came is
 * judged once more: their removals may have been approved at its proposer first, and on their way here (weakness
 * W45).
 */
export function reconsiderVote(tx: Transaction, proposalId: number, vote: boolean): boolean {
  const { env, state } = tx;
  const proposal = env.plugins.consensus.tally(state.consensus, proposalId)?.proposal;
  if (vote || proposal === undefined) return vote;
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || decoded.value.kind !== "steward_election") return vote;
  const proposer = memberIdFromBytes(proposal.proposalOwner);
  const configured = configuredVote(state.config.livenessCriteriaYes);
  if (!configured.vote || !isDeterministicElection(tx, decoded.value, proposer)) return vote;
  noteExpectedElection(tx, proposalId, decoded.value, proposer);
  trace(tx, { kind: "defaultVote", proposalId, ...configured });
  return true;
}
