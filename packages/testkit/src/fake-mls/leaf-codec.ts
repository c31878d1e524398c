import { MAX_KEY_SINCE, type LeafBinding } from "@demls/mls";
import { bytesEqual, bytesToUtf8, claimedName, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { decodeFields, encodeFields, numbersIn, wholeNumber } from "./fields.js";
import type { Leaf, Leaves } from "./group.js";

const BLANK = new Uint8Array();

/** Binding of a leaf without its key. */
export type Binding = Omit<LeafBinding, "signatureKey">;

/** Binding of a leaf that has none. */
export const NO_BINDING: Binding = {
  admission: undefined,
  identityProof: undefined,
  keySince: 0,
  replaces: [],
  claimedName: undefined,
  boundTo: undefined,
};

/** Signature key that a commit gives to its committer's leaf, and its proof. */
export type RenewedKey = Pick<Leaf, "signatureKey" | "identityProof" | "keySince">;

/** Encodes leaves. */
export function encodeLeaves(leaves: Leaves): Uint8Array {
  return encodeFields(leaves.map((leaf) => (leaf === undefined ? BLANK : encodeLeaf(leaf))));
}

/** Decodes {@link encodeLeaves}; `undefined` for anything else. */
export function decodeLeaves(bytes: Uint8Array): Leaves | undefined {
  const leaves: (Leaf | undefined)[] = [];
  for (const field of decodeFields(bytes) ?? []) {
    const leaf = bytesEqual(field, BLANK) ? "blank" : decodeLeaf(field);
    if (leaf === undefined) return undefined;
    leaves.push(leaf === "blank" ? undefined : leaf);
  }
  return leaves;
}

function encodeLeaf(leaf: Leaf): Uint8Array {
  const { member, signatureKey, leafKey, lifetime, extensions } = leaf;
  const bounds = lifetime === undefined ? [] : [lifetime.notBefore, lifetime.notAfter];
  const types = encodeFields(extensions);
  return encodeFields([
    memberIdToBytes(member),
    signatureKey,
    leafKey,
    types,
    encodeBinding(leaf),
    ...bounds,
  ]);
}

function decodeLeaf(bytes: Uint8Array): Leaf | undefined {
  const [identity, signatureKey, leafKey, types, bindingField, ...bounds] = decodeFields(bytes) ?? [];
  const extensions = numbersIn(types);
  const binding = bindingField && decodeBinding(bindingField);
  const [notBefore, notAfter] = bounds.map(wholeNumber);
  if (!identity || !signatureKey || !leafKey || !extensions || !binding) return undefined;
  const lifetime = notBefore === undefined || notAfter === undefined ? undefined : { notBefore, notAfter };
  return { member: memberIdFromBytes(identity), signatureKey, leafKey, lifetime, extensions, ...binding };
}

/** Encodes the binding of a leaf; without fields if it has none. */
export function encodeBinding(binding: Binding): Uint8Array {
  const { admission, identityProof, keySince, replaces, claimedName: name, boundTo } = binding;
  if (admission === undefined) return encodeFields([]);
  const bound = [boundTo?.name ?? "", boundTo?.groupId ?? ""];
  return encodeFields([
    ...[admission, identityProof ?? BLANK, BigInt(keySince), name ?? ""],
    ...bound,
    ...replaces,
  ]);
}

/** Decodes {@link encodeBinding}; `undefined` for anything else. */
export function decodeBinding(bytes: Uint8Array): Binding | undefined {
  const fields = decodeFields(bytes);
  if (fields?.length === 0) return NO_BINDING;
  const [admission, proof, sinceField, nameField, boundField, groupField, ...replaces] = fields ?? [];
  const keySince = timeIn(sinceField);
  const name = nameField && bytesToUtf8(nameField);
  const [bound, groupId] = [boundField, groupField].map((field) => field && bytesToUtf8(field));
  if (bound === undefined || groupId === undefined) return undefined;
  if (proof === undefined || keySince === undefined || name === undefined) return undefined;
  if (name !== "" && claimedName(name) === undefined) return undefined;
  const identityProof = proof.length === 0 ? undefined : proof;
  const boundTo = bound === "" ? undefined : { name: bound, groupId: groupId || undefined };
  return { admission, identityProof, keySince, replaces, claimedName: name || undefined, boundTo };
}

/** Encodes a renewed key; without fields if there is none. */
export function encodeRenewedKey(key: RenewedKey | undefined): Uint8Array {
  return encodeFields(
    key === undefined ? [] : [key.signatureKey, key.identityProof ?? BLANK, BigInt(key.keySince)],
  );
}

/** Decodes {@link encodeRenewedKey}; `undefined` if it has no fields or is malformed. */
export function decodeRenewedKey(bytes: Uint8Array): RenewedKey | undefined {
  const [signatureKey, identityProof, sinceField] = decodeFields(bytes) ?? [];
  const keySince = timeIn(sinceField);
  if (signatureKey === undefined || identityProof === undefined || keySince === undefined) return undefined;
  return { signatureKey, identityProof, keySince };
}

function timeIn(field: Uint8Array | undefined): number | undefined {
  const seconds = wholeNumber(field);
  return seconds === undefined || seconds > BigInt(MAX_KEY_SINCE) ? undefined : Number(seconds);
}
