import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import type { ActiveTransaction } from "../model/transaction.js";
import { votedActions } from "./candidates.js";

/** References of approved key packages. They follow from the bytes, which never change; an inspection verifies two signatures. */
const known = new WeakMap<Uint8Array, string>();

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

/** Reference of a key package; a commit cannot contain one that has expired since. */
export async function referenceOf(
  { env }: ActiveTransaction,
  keyPackage: Uint8Array,
): Promise<string | undefined> {
  const reference = known.get(keyPackage);
  if (reference !== undefined) return reference;
  const found = await env.plugins.mls.inspectKeyPackage(keyPackage);
  if (!found.ok) return undefined;
  known.set(keyPackage, found.reference);
  return found.reference;
}
