import type { LeafBinding, StagedCommit } from "@demls/mls";
import { bytesEqual, type MemberId } from "@demls/wire/core";
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
  const adds: Leaf[] = [];
  for (const action of staged.actions) {
    if (action.kind !== "add") continue;
    if (!(await isAdmissible(tx, action.member, action))) return "unproved-identity";
    adds.push(action);
  }
  const before = new Map(tx.state.group.roster.map((entry) => [entry.leafIndex, entry]));
  const isKept = (staged.next?.roster ?? []).every(
    (leaf) => isSame(before.get(leaf.leafIndex), leaf) || adds.some((added) => isSame(added, leaf)),
  );
  return isKept ? undefined : "changed-binding";
}

type Leaf = LeafBinding & { readonly member: MemberId };

const NONE = new Uint8Array(0);

function isSame(a: Leaf | undefined, b: Leaf): boolean {
  return (
    a?.member === b.member &&
    bytesEqual(a.signatureKey, b.signatureKey) &&
    bytesEqual(a.admission ?? NONE, b.admission ?? NONE) &&
    bytesEqual(a.identityProof ?? NONE, b.identityProof ?? NONE)
  );
}
