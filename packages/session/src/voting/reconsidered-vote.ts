import { configuredVote } from "./default-vote.js";
import { isDeterministicElection } from "./derivable-election.js";
import { noteExpectedElection } from "./election-validity.js";
import type { OpenVote } from "../model/votes.js";
import { trace, type ActiveTransaction } from "../model/transaction.js";

/**
 * The default vote when it is cast. An election that omits members without an approved removal is checked again: its
 * proposer may have approved their removals earlier (weakness W45).
 */
export function reconsiderVote(
  tx: ActiveTransaction,
  { proposalId, request, proposer }: OpenVote,
  vote: boolean,
): boolean {
  if (vote || request.kind !== "electStewards") return vote;
  const configured = configuredVote(tx.state.config.livenessCriteriaYes);
  if (!configured.vote || !isDeterministicElection(tx, request, proposer)) return vote;
  noteExpectedElection(tx, proposalId, request, proposer);
  trace(tx, { kind: "defaultVote", proposalId, ...configured });
  return true;
}
