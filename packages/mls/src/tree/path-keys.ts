import { bytesEqual } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import type { ClientState } from "../ts-mls.js";

/**
 * Whether the private keys that `next` learnt match the public keys in its tree. RFC 9420 § 7.5 requires this check of
 * every receiver. OpenMLS rejects the commit; ts-mls 1.6.4 omits the check.
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
