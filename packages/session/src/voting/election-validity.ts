import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest, ElectionRequest } from "../model/request.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { isDerivable } from "./derivable-election.js";
import { updateVote, voteOf } from "./open-votes.js";

/**
 * Notes, when its vote is opened, that this member derives the proposed steward list itself. Later the epoch that the
 * list was drawn from may be over.
 */
export function noteExpectedElection(
  tx: ActiveTransaction,
  proposalId: number,
  request: ChangeRequest,
  proposer: MemberId,
): void {
  if (request.kind !== "electStewards" || !isDerivable(tx, request, proposer)) return;
  updateVote(tx, proposalId, { expectedElection: true });
}

/**
 * Whether an election has to wait: a joiner cannot check it before its sync, and where unexpected lists are rejected
 * a joiner must not accept one (W7).
 */
export function awaitsSync(tx: ActiveTransaction, request: ChangeRequest): boolean {
  return request.kind === "electStewards" && !tx.state.sync.synced && policyOf(tx).rejectsUnexpectedElections;
}

/**
 * Whether this member derives the list of an election neither now nor when its vote was opened (W7). A joiner before
 * its sync cannot tell, and accepts the list that the others elect; see {@link awaitsSync}.
 */
export function isUnexpectedElection(
  tx: ActiveTransaction,
  proposalId: number,
  election: ElectionRequest,
  proposer: MemberId,
): boolean {
  const isExpected = voteOf(tx, proposalId)?.expectedElection ?? false;
  return tx.state.sync.synced && !isExpected && !isDerivable(tx, election, proposer);
}
