import { decideAdmission, isVouchedFor } from "./admission.js";
import { joinersName } from "./cast-vote.js";
import { configuredVote } from "./default-vote.js";
import { isDeterministicElection } from "./derivable-election.js";
import { noteExpectedElection } from "./election-validity.js";
import { groundsOf } from "./grounds.js";
import type { AddRequest } from "../model/request.js";
import type { OpenVote } from "../model/votes.js";
import { trace, type ActiveTransaction } from "../model/transaction.js";

/**
 * The default vote when it is cast. A joiner is judged again: its invitation may have been revoked since, or be taken by
 * another joiner. An election that omits members without an approved removal is checked again: its
 * proposer may have approved their removals earlier (weakness W45).
 */
export async function reconsiderVote(tx: ActiveTransaction, open: OpenVote, vote: boolean): Promise<boolean> {
  const { proposalId, request, proposer } = open;
  if (vote && request.kind === "add") return reconsiderJoiner(tx, open, request);
  if (vote || request.kind !== "electStewards") return vote;
  const configured = configuredVote(tx.state.config.livenessCriteriaYes);
  if (!configured.vote || !isDeterministicElection(tx, request, proposer)) return vote;
  noteExpectedElection(tx, proposalId, request, proposer);
  trace(tx, { kind: "defaultVote", proposalId, ...configured });
  return true;
}

async function reconsiderJoiner(
  tx: ActiveTransaction,
  open: OpenVote,
  request: AddRequest,
): Promise<boolean> {
  const { proposalId, proposer } = open;
  const grounds = await groundsOf(tx, request, { proposer, vouches: isVouchedFor(tx, open) });
  const claimedName = await joinersName(tx, request);
  const isAdmitted = decideAdmission(tx, request, claimedName, grounds).decision === "admit";
  if (!isAdmitted) trace(tx, { kind: "defaultVote", proposalId, vote: false, reason: "not-admitted" });
  return isAdmitted;
}
