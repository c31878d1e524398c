import { keepChanges, queueChanges } from "../changes/index.js";
import type { ApprovedChange } from "../model/changes.js";
import type { HeldCandidate } from "../model/commit.js";
import { emit, type ActiveTransaction } from "../model/transaction.js";
import { markResolved } from "../voting/open-votes.js";

/** Changes of a commit that are not approved on this member, and approved changes that it omits. */
export interface Difference {
  readonly added: readonly ApprovedChange[];
  readonly dropped: readonly ApprovedChange[];
}

/** Approves the changes of a commit before it is merged, and emits `reconciled`. */
export function reconcile(
  tx: ActiveTransaction,
  candidate: HeldCandidate,
  { added, dropped }: Difference,
): void {
  keepChanges(tx, (change) => !dropped.includes(change));
  queueChanges(tx, added);
  for (const { proposalId } of added) markResolved(tx, proposalId);
  const changes = (proposals: readonly ApprovedChange[]) =>
    proposals.map(({ proposalId, request }) => ({ proposalId, request }));
  emit(tx, {
    kind: "reconciled",
    committer: candidate.steward,
    added: changes(added),
    dropped: changes(dropped),
  });
}
