import { bytesEqual, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import { decodeFields, encodeFields, numbersIn, wholeNumber } from "./fields.js";
import type { Leaf, Leaves } from "./group.js";

const BLANK = new Uint8Array();

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

function encodeLeaf({ member, signatureKey, leafKey, lifetime, extensions }: Leaf): Uint8Array {
  const bounds = lifetime === undefined ? [] : [lifetime.notBefore, lifetime.notAfter];
  return encodeFields([memberIdToBytes(member), signatureKey, leafKey, encodeFields(extensions), ...bounds]);
}

function decodeLeaf(bytes: Uint8Array): Leaf | undefined {
  const [identity, signatureKey, leafKey, types, ...bounds] = decodeFields(bytes) ?? [];
  const extensions = numbersIn(types);
  const [notBefore, notAfter] = bounds.map(wholeNumber);
  if (!identity || !signatureKey || !leafKey || !extensions) return undefined;
  const lifetime = notBefore === undefined || notAfter === undefined ? undefined : { notBefore, notAfter };
  return { member: memberIdFromBytes(identity), signatureKey, leafKey, lifetime, extensions };
}
