import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { referenceOf } from "../approved/index.js";
import type { HeldCandidate } from "../model/commit.js";
import { emit, type ActiveTransaction } from "../model/transaction.js";
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
    const reference = await referenceOf(tx, request.keyPackage);
    if (reference !== undefined) references.add(reference);
  }
  return votedActions(tx, staged).flatMap((action) =>
    action.kind === "add" && !references.has(action.reference) ? [action.member] : [],
  );
}

/** Emits an `error` event if a candidate adds other key packages than were approved. */
export async function reportSwapped(
  tx: ActiveTransaction,
  { steward, staged }: HeldCandidate,
): Promise<void> {
  const swapped = await swappedKeyPackages(tx, staged);
  if (swapped.length === 0) return;
  const message = `The commit of ${steward} adds other key packages than were approved, for ${swapped.join(", ")}.`;
  emit(tx, { kind: "error", code: "key-package-swapped", operation: "keyPackageSwapped", message });
}
