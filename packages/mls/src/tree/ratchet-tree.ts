import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { ClientState, LeafNode, RatchetTree } from "../ts-mls.js";

/** Identity in a leaf's basic credential; `undefined` for any other credential. */
export function leafIdentity(leaf: LeafNode): MemberId | undefined {
  return leaf.credential.credentialType === "basic" ? memberIdFromBytes(leaf.credential.identity) : undefined;
}

/** Member at a leaf; `undefined` when the leaf is blank, outside the tree or without a basic credential. */
export function identityAt(tree: RatchetTree, leafIndex: number): MemberId | undefined {
  const node = tree[2 * leafIndex];
  return node?.nodeType === "leaf" ? leafIdentity(node.leaf) : undefined;
}

/** Occupied leaves with their indices, in leaf order. */
export function occupiedLeaves(
  state: Pick<ClientState, "ratchetTree">,
): { readonly index: number; readonly leaf: LeafNode }[] {
  const { ratchetTree } = state;
  const leaves: { index: number; leaf: LeafNode }[] = [];
  // A loop: it runs for each message, over all leaves.
  for (let nodeIndex = 0; nodeIndex < ratchetTree.length; nodeIndex += 2) {
    const node = ratchetTree[nodeIndex];
    if (node?.nodeType === "leaf") leaves.push({ index: nodeIndex / 2, leaf: node.leaf });
  }
  return leaves;
}
