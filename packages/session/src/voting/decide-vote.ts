import type { Decision } from "@demls/consensus";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { emit, trace, type ActiveTransaction } from "../model/transaction.js";
import { markResolved, updateVote, voteOf } from "./open-votes.js";

/**
 * Records the result of a vote, once for each proposal: the plug-in repeats its decision with every later vote
 * (`apply_consensus_outcome` in de-mls 3.0.0). The returned fact leads to the consequences.
 */
export function decideVote(tx: ActiveTransaction, { proposalId, result }: Decision): Facts {
  const { resolved, sessions } = tx.state.votes;
  const vote = voteOf(tx, proposalId);
  const tally = tx.env.plugins.consensus.tally(sessions, proposalId);
  if (vote === undefined || tally === undefined || resolved.includes(proposalId)) return NO_FACTS;
  const { request } = vote;
  const { yes, no, expected } = tally;
  markResolved(tx, proposalId);
  updateVote(tx, proposalId, { result, defaultVote: undefined, deadlineMs: undefined });
  trace(tx, { kind: "proposalDecided", proposalId, request: request.kind, result, yes, no, expected });
  emit(tx, { kind: "proposalDecided", proposalId, request, result });
  return [{ kind: "voteDecided", vote, result }];
}
