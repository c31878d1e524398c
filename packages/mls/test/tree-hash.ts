import { treeHashRoot } from "ts-mls/treeHash.js";
import type { MlsGroup } from "../src/index.js";
import { clientState } from "./group-members.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** Tree hash in a group's context. */
export function treeHash(group: MlsGroup): Uint8Array {
  return clientState(group).groupContext.treeHash;
}

/** Hash of a copy of a group's tree: ts-mls has kept no hash of its nodes. */
export function freshTreeHash(group: MlsGroup): Promise<Uint8Array> {
  const hash = {
    digest: (data: Uint8Array) => Promise.resolve(sha256(data)),
    mac: () => Promise.reject(new Error("No MAC.")),
    verifyMac: () => Promise.reject(new Error("No MAC.")),
  };
  return treeHashRoot(structuredClone(clientState(group).ratchetTree), hash);
}
