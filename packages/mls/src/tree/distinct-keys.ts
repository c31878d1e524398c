import { bytesToHex } from "@demls/wire/core";
import type { ClientState } from "../ts-mls.js";
import { occupiedLeaves } from "./ratchet-tree.js";

/** Whether all byte strings differ. */
export function allDistinct(values: readonly Uint8Array[]): boolean {
  return new Set(values.map(bytesToHex)).size === values.length;
}

/**
 * Whether all nodes of a tree have distinct encryption keys, and all leaves distinct signature keys (RFC 9420 § 12.4.2).
 * ts-mls checks only some of them, and not the leaf of an update path.
 */
export function treeKeysDistinct(state: ClientState): boolean {
  const encryptionKeys = state.ratchetTree.flatMap((node) => {
    if (node === undefined) return [];
    return [node.nodeType === "leaf" ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey];
  });
  const signatureKeys = occupiedLeaves(state).map(({ leaf }) => leaf.signaturePublicKey);
  return allDistinct(encryptionKeys) && allDistinct(signatureKeys);
}
