import type { ApprovedChange } from "../../model/changes.js";
import type { HeldCandidate } from "../../model/commit.js";
import { emit, type ActiveTransaction } from "../../model/transaction.js";
import { forgetVote } from "../../voting/open-votes.js";
import { actionKey, requestKey, votedActions } from "../candidates.js";
import { reconcile } from "../reconcile.js";

/**
 * Approves the changes of a commit that the others have agreed on and this member knows from votes, and emits
 * `reconciled`.
 */
export function adoptUnapproved(tx: ActiveTransaction, candidate: HeldCandidate): void {
  const approved = new Set(tx.state.changes.approved.map(({ request }) => requestKey(request)));
  const voted = votedActions(tx, candidate.staged).map(actionKey);
  const missing = new Set(voted.filter((key) => !approved.has(key)));
  const added: ApprovedChange[] = [];
  for (const { proposalId, request, proposer, result } of tx.state.votes.open.values()) {
    if (!missing.delete(requestKey(request))) continue;
    added.push({ proposalId, request, proposer });
    forgetVote(tx, proposalId);
    if (result === undefined) emit(tx, { kind: "proposalDecided", proposalId, request, result: "yes" });
  }
  if (added.length > 0) reconcile(tx, candidate, { added, dropped: [] });
}
