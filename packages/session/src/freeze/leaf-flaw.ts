import type { LeafBinding, StagedCommit } from "@demls/mls";
import { bytesEqual } from "@demls/wire/core";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { isAdmissible } from "../voting/identity-proof.js";

/** Reason that no member of a strict group holds a commit, whatever it has approved. */
export type LeafFlaw =
  /** It adds a leaf that does not prove its identity. */
  | "unproved-identity"
  /** It changes the key, the admission or the proof of a leaf that stays. */
  | "changed-binding";

/**
 * Checks the leaves of a commit. It depends on the commit alone, so that honest members agree: every leaf of a strict
 * group proves its identity, also if a majority has chosen the commit.
 */
export async function leafFlaw(tx: ActiveTransaction, staged: StagedCommit): Promise<LeafFlaw | undefined> {
  if (!policyOf(tx).provesIdentities) return undefined;
  const added = new Set<string>();
  for (const action of staged.actions) {
    if (action.kind !== "add") continue;
    if (!(await isAdmissible(tx, action.member, action))) return "unproved-identity";
    added.add(action.member);
  }
  const before = new Map(tx.state.group.roster.map((entry) => [entry.leafIndex, entry]));
  const isKept = (staged.next?.roster ?? []).every((entry) => {
    const old = before.get(entry.leafIndex);
    return added.has(entry.member) || (old?.member === entry.member && isSameBinding(old, entry));
  });
  return isKept ? undefined : "changed-binding";
}

function isSameBinding(a: LeafBinding, b: LeafBinding): boolean {
  const none = new Uint8Array(0);
  return (
    bytesEqual(a.signatureKey, b.signatureKey) &&
    bytesEqual(a.admission ?? none, b.admission ?? none) &&
    bytesEqual(a.identityProof ?? none, b.identityProof ?? none)
  );
}
