import { bytesToHex } from "@demls/wire/core";
import type { ClientState } from "../ts-mls.js";

/** Whether no two byte strings are equal. */
export function allDistinct(values: readonly Uint8Array[]): boolean {
  return new Set(values.map(bytesToHex)).size === values.length;
}

/** Whether no two nodes of a tree share an encryption key (RFC 9420 § 12.4.2): ts-mls checks it in part. */
export function treeKeysDistinct(state: ClientState): boolean {
  return allDistinct(
    state.ratchetTree.flatMap((node) => {
      if (node === undefined) return [];
      return [node.nodeType === "leaf" ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey];
    }),
  );
}
