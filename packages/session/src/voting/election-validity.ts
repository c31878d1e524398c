import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest, ElectionRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { isDerivable } from "./derivable-election.js";
import { updateVote, voteOf } from "./open-votes.js";

/**
 * Records, when a vote is opened, whether this member derives the proposed steward list. At the result this member may
 * be in another epoch.
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
 * Whether this member derives the list of an election neither now nor when its vote was opened (W7). A joiner without a
 * ConversationSync cannot check it and accepts the elected list; see awaitsSync.
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
