import { succeedsKey, type LeafBinding, type StagedCommit } from "@demls/mls";
import { bytesEqual, type MemberId } from "@demls/wire/core";
import { rosterEntryOf } from "../model/roster.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { isAdmissible } from "../identity/identity-proof.js";

/** Reason that no member of a strict group holds a commit, whatever it has approved. */
export type LeafFlaw =
  /** It adds a leaf that does not prove its identity. */
  | "unproved-identity"
  /** It replaces a leaf by one with an earlier signature key. */
  | "superseded-key"
  /**
   * It changes the key, the admission or the proof of a leaf that stays, and this is not a later key of its committer with
   * a proof.
   */
  | "changed-binding";

/**
 * Checks the leaves of a commit. It depends on the commit alone, so that honest members agree: every leaf of a strict
 * group proves its identity, also if a majority has chosen the commit.
 */
export async function leafFlaw(tx: ActiveTransaction, staged: StagedCommit): Promise<LeafFlaw | undefined> {
  if (!policyOf(tx).provesIdentities) return undefined;
  const { group } = tx.state;
  const adds: Leaf[] = [];
  for (const action of staged.actions) {
    if (action.kind !== "add") continue;
    if (!(await isAdmissible(tx, action.member, action))) return "unproved-identity";
    const replaced = rosterEntryOf(group, action.member);
    if (replaced !== undefined && !succeedsKey(action, replaced)) return "superseded-key";
    adds.push(action);
  }
  const before = new Map(group.roster.map((entry) => [entry.leafIndex, entry]));
  for (const leaf of staged.next?.roster ?? []) {
    const former = before.get(leaf.leafIndex);
    const isKnown = isSame(former, leaf) || adds.some((added) => isSame(added, leaf));
    if (!isKnown && !(await renewsOwnKey(tx, staged.sender, former, leaf))) return "changed-binding";
  }
  return undefined;
}

/** Whether a leaf is that of the committer, with a later signature key that its identity vouches for. */
async function renewsOwnKey(
  tx: ActiveTransaction,
  committer: MemberId,
  former: Leaf | undefined,
  leaf: Leaf,
): Promise<boolean> {
  if (former?.member !== committer || leaf.member !== committer) return false;
  const isSameLeaf = bytesEqual(former.admission ?? NONE, leaf.admission ?? NONE);
  return (
    isSameLeaf &&
    former.claimedName === leaf.claimedName &&
    isSameBound(former, leaf) &&
    leaf.keySince > former.keySince &&
    isAdmissible(tx, committer, leaf)
  );
}

function isSameBound({ boundTo: a }: LeafBinding, { boundTo: b }: LeafBinding): boolean {
  return a?.name === b?.name && a?.groupId === b?.groupId;
}

type Leaf = LeafBinding & { readonly member: MemberId };

const NONE = new Uint8Array(0);

function isSame(a: Leaf | undefined, b: Leaf): boolean {
  return (
    a?.member === b.member &&
    a.keySince === b.keySince &&
    a.claimedName === b.claimedName &&
    isSameBound(a, b) &&
    bytesEqual(a.signatureKey, b.signatureKey) &&
    bytesEqual(a.admission ?? NONE, b.admission ?? NONE) &&
    bytesEqual(a.identityProof ?? NONE, b.identityProof ?? NONE)
  );
}
