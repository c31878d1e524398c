import { bytesToHex } from "@demls/wire/core";
import type { ClientState } from "../ts-mls.js";

/** Whether all byte strings differ. */
export function allDistinct(values: readonly Uint8Array[]): boolean {
  return new Set(values.map(bytesToHex)).size === values.length;
}

/** Whether all nodes of a tree have distinct encryption keys (RFC 9420 § 12.4.2). ts-mls checks only some of them. */
export function treeKeysDistinct(state: ClientState): boolean {
  return allDistinct(
    state.ratchetTree.flatMap((node) => {
      if (node === undefined) return [];
      return [node.nodeType === "leaf" ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey];
    }),
  );
}
