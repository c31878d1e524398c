import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { ClientState, LeafNode, RatchetTree } from "../ts-mls.js";

/** The identity that a leaf's basic credential carries; `undefined` for any other credential. */
export function leafIdentity(leaf: LeafNode): MemberId | undefined {
  return leaf.credential.credentialType === "basic" ? memberIdFromBytes(leaf.credential.identity) : undefined;
}

/** The member at a leaf; `undefined` where the leaf is blank, outside the tree or not a basic credential. */
export function identityAt(tree: RatchetTree, leafIndex: number): MemberId | undefined {
  const node = tree[2 * leafIndex];
  return node?.nodeType === "leaf" ? leafIdentity(node.leaf) : undefined;
}

/** Every occupied leaf with its index, in leaf order. */
export function occupiedLeaves(state: ClientState): { readonly index: number; readonly leaf: LeafNode }[] {
  return state.ratchetTree.flatMap((node, nodeIndex) =>
    node?.nodeType === "leaf" ? [{ index: nodeIndex / 2, leaf: node.leaf }] : [],
  );
}
