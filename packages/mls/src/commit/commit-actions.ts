import type { MlsContext } from "../client/mls-context.js";
import { STRICT_MARKER } from "../client/strict-marker.js";
import type { MlsGroup } from "../group/mls-group.js";
import { keyPackageReference } from "../key-package/generate.js";
import { madeAtSeconds } from "../key-package/validation.js";
import { leafBinding } from "../key-package/leaf-binding.js";
import { identityAt, leafIdentity } from "../tree/ratchet-tree.js";
import type { ClientState, KeyPackage, Proposal } from "../ts-mls.js";
import type { MlsAction } from "./staged-commit.js";

/** Changes that proposals make to the group in `state`, in their order. */
export async function commitActions(
  context: MlsContext,
  state: ClientState,
  proposals: readonly Proposal[],
): Promise<MlsAction[]> {
  return Promise.all(proposals.map((proposal) => action(context, state, proposal)));
}

/**
 * Whether every commit of a group has an update path, so that it renews its committer's keys: in strict groups. RFC 9420
 * lets a commit that only adds members do without, and de-mls 3.0.0 does.
 */
export function renewsKeys({ requiredExtensions }: MlsGroup): boolean {
  return requiredExtensions.includes(STRICT_MARKER);
}

/** Key packages that proposals add. */
export function addedKeyPackages(proposals: readonly Proposal[]): KeyPackage[] {
  return proposals.flatMap((proposal) => (isAdd(proposal) ? [proposal.add.keyPackage] : []));
}

/** Leaf indices that proposals remove. */
export function removedLeaves(proposals: readonly Proposal[]): ReadonlySet<number> {
  return new Set(proposals.flatMap((proposal) => (isRemove(proposal) ? [proposal.remove.removed] : [])));
}

async function action(context: MlsContext, state: ClientState, proposal: Proposal): Promise<MlsAction> {
  if (isAdd(proposal)) {
    const { keyPackage } = proposal.add;
    const member = leafIdentity(keyPackage.leafNode);
    if (member !== undefined) {
      const reference = await keyPackageReference(context, keyPackage);
      const { leafNode } = keyPackage;
      return {
        ...{ kind: "add", member, reference, madeAtSeconds: madeAtSeconds(leafNode) },
        ...leafBinding(leafNode),
      };
    }
  }
  if (isRemove(proposal)) {
    const member = identityAt(state.ratchetTree, proposal.remove.removed);
    if (member !== undefined) return { kind: "remove", member };
  }
  return { kind: "other", type: String(proposal.proposalType) };
}

function isAdd(proposal: Proposal): proposal is Extract<Proposal, { proposalType: "add" }> {
  return proposal.proposalType === "add";
}

function isRemove(proposal: Proposal): proposal is Extract<Proposal, { proposalType: "remove" }> {
  return proposal.proposalType === "remove";
}
