import { isBoundElsewhere, STRICT_MARKER, type AddRejectReason, type MlsAction } from "@demls/mls";
import { bytesToHex, bytesToUtf8 } from "@demls/wire/core";
import { decodeFields, encodeFields, hashOf, wholeNumber } from "./fields.js";
import { inspectKeyPackage, madeAt, type KeyPackage } from "./key-package.js";
import { bindingOf, type GroupConstants, type Leaf, type Leaves } from "./group.js";
import type { RenewedKey } from "./leaf-codec.js";

/** Change that a proposal makes. */
export type Change =
  | { readonly kind: "add"; readonly keyPackage: KeyPackage; readonly bytes: Uint8Array }
  | { readonly kind: "remove"; readonly leaf: number };

/** Body of a proposal. */
export function encodeChange(change: Change): Uint8Array {
  return encodeFields(change.kind === "add" ? ["add", change.bytes] : ["remove", change.leaf]);
}

/** Change of a proposal; `undefined` when it cannot be read, or its key package is invalid. */
export function decodeChange(body: Uint8Array, nowSeconds: bigint): Change | undefined {
  const [kind, value] = decodeFields(body) ?? [];
  if (kind === undefined || value === undefined) return undefined;
  if (bytesToUtf8(kind) === "remove") {
    const leaf = wholeNumber(value);
    return leaf === undefined ? undefined : { kind: "remove", leaf: Number(leaf) };
  }
  const found = inspectKeyPackage(value, nowSeconds);
  return found.ok ? { kind: "add", keyPackage: found.keyPackage, bytes: value } : undefined;
}

/** Reference of a commit to a proposal. The same proposal sealed twice has one reference. */
export function proposalReference(leaf: number, body: Uint8Array): string {
  return bytesToHex(hashOf("proposal", leaf, body));
}

/** Actions of changes on these leaves, in their order. */
export function actionsOf(leaves: Leaves, changes: readonly Change[]): MlsAction[] {
  return changes.map((change) => {
    if (change.kind === "add") {
      const { leaf, reference } = change.keyPackage;
      const madeAtSeconds = madeAt(leaf.lifetime);
      return { kind: "add", member: leaf.member, reference, madeAtSeconds, ...bindingOf(leaf) };
    }
    const member = leaves[change.leaf]?.member;
    return member === undefined ? { kind: "other", type: "remove" } : { kind: "remove", member };
  });
}

/** Reason that key packages cannot be added to these leaves together. */
export function addsRejectReason(
  staying: readonly Leaf[],
  added: readonly KeyPackage[],
  { requiredExtensions, ...group }: GroupConstants,
): AddRejectReason | undefined {
  if (!added.every(({ leaf }) => requiredExtensions.every((type) => leaf.extensions.includes(type))))
    return "missing-required-capability";
  const isStrict = requiredExtensions.includes(STRICT_MARKER);
  if (isStrict && added.some(({ leaf }) => isBoundElsewhere(leaf, group))) return "other-group";
  const leaves = [...staying, ...added.map(({ leaf }) => leaf)];
  if (!allDistinct(leaves.map(({ signatureKey }) => signatureKey))) return "duplicate-signature-key";
  const keys = [...leaves.map(({ leafKey }) => leafKey), ...added.map(({ initKey }) => initKey)];
  if (!allDistinct(keys)) return "duplicate-encryption-key";
  return new Set(leaves.map(({ member }) => member)).size === leaves.length ? undefined : "already-member";
}

/**
 * Leaves after a commit. Removals come first; then each addition takes the leftmost blank leaf. The committer gets a
 * new leaf key, and can get a new signature key.
 *
 * @returns `undefined` when the changes are impossible: a removal of a blank leaf, of the committer, or a second time.
 */
export function changedLeaves(
  leaves: Leaves,
  changes: readonly Change[],
  committer: number,
  newKeys: Pick<Leaf, "leafKey"> & Partial<RenewedKey>,
): Leaves | undefined {
  const changed = [...leaves];
  for (const change of changes) {
    if (change.kind !== "remove") continue;
    if (changed[change.leaf] === undefined || change.leaf === committer) return undefined;
    changed[change.leaf] = undefined;
  }
  const own = changed[committer];
  if (own === undefined) return undefined;
  changed[committer] = { ...own, ...newKeys, lifetime: undefined };
  for (const change of changes) {
    if (change.kind !== "add") continue;
    const blank = changed.indexOf(undefined);
    changed[blank === -1 ? changed.length : blank] = change.keyPackage.leaf;
  }
  return changed.slice(0, changed.findLastIndex((leaf) => leaf !== undefined) + 1);
}

function allDistinct(values: readonly Uint8Array[]): boolean {
  return new Set(values.map(bytesToHex)).size === values.length;
}
