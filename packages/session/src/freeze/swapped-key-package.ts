import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import type { ActiveTransaction } from "../model/transaction.js";
import { votedActions } from "./candidates.js";

/**
 * Members that a commit adds with another key package than approved. Their identities match, and de-mls 3.0.0 compares
 * nothing else (`validate_commit_candidate`), but no member voted for these keys.
 */
export async function swappedKeyPackages(
  tx: ActiveTransaction,
  staged: StagedCommit,
): Promise<readonly MemberId[]> {
  const references = new Set<string>();
  for (const { request } of tx.state.changes.approved) {
    if (request.kind !== "add") continue;
    const found = await tx.env.plugins.mls.inspectKeyPackage(request.keyPackage);
    // A commit cannot contain a key package that has expired since.
    if (found.ok) references.add(found.reference);
  }
  return votedActions(tx, staged).flatMap((action) =>
    action.kind === "add" && !references.has(action.reference) ? [action.member] : [],
  );
}
