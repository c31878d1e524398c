import { decodeConversationUpdateRequest } from "@demls/wire";
import { memberIdFromBytes } from "@demls/wire/core";
import { configuredVote, isDeterministicElection } from "./judgement.js";
import { noteElection } from "./rogue-elections.js";
import { decide, type Turn } from "./turn.js";

/**
 * The default vote when it is cast. An election that left out members who were none to be left out when it came is
 * judged once more: their removals may have been approved at its proposer first, and on their way here (weakness
 * W45).
 */
export function voteWhenDue(turn: Turn, proposalId: number, vote: boolean): boolean {
  const { env, state } = turn;
  const proposal = env.plugins.consensus.tally(state.consensus, proposalId)?.proposal;
  if (vote || proposal === undefined) return vote;
  const decoded = decodeConversationUpdateRequest(proposal.payload);
  if (!decoded.ok || decoded.value.kind !== "steward_election") return vote;
  const proposer = memberIdFromBytes(proposal.proposalOwner);
  const configured = configuredVote(state.config.livenessCriteriaYes);
  if (!configured.vote || !isDeterministicElection(turn, decoded.value, proposer)) return vote;
  noteElection(turn, proposalId, decoded.value, proposer);
  decide(turn, { kind: "default-vote", proposalId, ...configured });
  return true;
}
