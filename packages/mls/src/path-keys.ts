import { bytesEqual } from "@demls/wire/core";
import type { ClientState } from "./ts-mls.js";
import { allDistinct } from "./add-check.js";
import type { MlsContext } from "./mls-context.js";

/**
 * Whether the private keys that `next` learnt belong to the public keys in its tree (RFC 9420 § 7.5
 * asks every receiver for this; ts-mls 1.6.4 leaves it out, OpenMLS refuses the commit).
 *
 * @param known - private keys that were checked before.
 */
export async function learntKeysMatchTree(
  context: MlsContext,
  next: ClientState,
  known: ClientState["privatePath"]["privateKeys"],
): Promise<boolean> {
  for (const [nodeIndex, privateKey] of Object.entries(next.privatePath.privateKeys)) {
    if (known[Number(nodeIndex)] === privateKey) continue;
    const node = next.ratchetTree[Number(nodeIndex)];
    if (node === undefined) continue;
    const publicKey = node.nodeType === "leaf" ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey;
    if (!bytesEqual(await context.x25519PublicKey(privateKey), publicKey)) return false;
  }
  return true;
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
