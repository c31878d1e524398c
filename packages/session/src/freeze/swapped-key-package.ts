import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import type { Transaction } from "../model/transaction.js";

/**
 * The members that a commit adds by other key packages than those approved for them. It does what was approved
 * as far as identities go, and that is all that de-mls 3.0.0 compares (`validate_commit_candidate`); but who
 * holds the keys is somebody whom nobody voted for.
 */
export async function swappedKeyPackages(tx: Transaction, staged: StagedCommit): Promise<readonly MemberId[]> {
  const references = new Set<string>();
  for (const { request } of tx.state.approved) {
    if (request.kind !== "invite_member") continue;
    const found = await tx.env.plugins.mls.inspectKeyPackage(request.keyPackageBytes);
    // One that has expired since cannot be what a commit adds.
    if (found.ok) references.add(found.reference);
  }
  return staged.actions.flatMap((action) =>
    action.kind === "add" && !references.has(action.reference) ? [action.member] : [],
  );
}
