import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { isDerivable } from "./default-vote.js";
import { withMember } from "../model/persistent-collections.js";
import { policyOf, update, type Transaction } from "../model/transaction.js";

type Election = Extract<ConversationUpdateRequest, { kind: "steward_election" }>;

/**
 * Notes, when its vote is opened, that an election is the one that this member derives itself. Later the epoch
 * that it was drawn from may be over, and nobody can tell any more.
 */
export function noteExpectedElection(
  tx: Transaction,
  proposalId: number,
  request: ConversationUpdateRequest,
  proposer: MemberId,
): void {
  if (request.kind !== "steward_election" || !isDerivable(tx, request, proposer)) return;
  update(tx, { expectedElections: withMember(tx.state.expectedElections, proposalId) });
}

/**
 * Whether an election is not for this member to hear of yet: a joiner without its sync cannot judge it, and where
 * rogue lists are refused it must not be talked into one (W7).
 */
export function awaitsSync(tx: Transaction, request: ConversationUpdateRequest): boolean {
  return request.kind === "steward_election" && !tx.state.synced && policyOf(tx).rejectsUnexpectedElections;
}

/**
 * Whether an election is of a list that this member derives neither now nor when its vote was opened (W7). A joiner
 * without its sync cannot tell, and takes what the others elect, where it hears of it at all: see {@link awaitsSync}.
 */
export function isUnexpectedElection(
  tx: Transaction,
  proposalId: number,
  election: Election,
  proposer: MemberId,
): boolean {
  const { expectedElections, synced } = tx.state;
  return synced && !expectedElections.has(proposalId) && !isDerivable(tx, election, proposer);
}
