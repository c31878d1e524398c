import { sha256 } from "@noble/hashes/sha2.js";
import {
  bytesEqual,
  bytesToHex,
  bytesToUtf8,
  claimedName,
  concatBytes,
  DemlsError,
  hexToBytes,
  MAX_CLAIMED_NAME_BYTES,
  TlsReader,
  tlsUint64,
  tlsVector,
  utf8ToBytes,
} from "@demls/wire/core";
import { LEAF_BINDING } from "../client/leaf-binding-type.js";
import type { MlsContext } from "../client/mls-context.js";
import { MAX_KEY_SINCE } from "../client/signature-key.js";
import type { Extension, LeafNode } from "../ts-mls.js";
import { KeyPackageFormatError, readOrUndefined } from "./model.js";

/** Size of an admission in bytes. */
const ADMISSION_BYTES = 16;

/** Maximum size of the name and of the group id of a bound group, in bytes. */
const MAX_BOUND_BYTES = 255;

/** Maximum number of leaves in {@link LeafBinding.replaces}. */
export const MAX_REPLACED_LEAVES = 4;

/** Maximum size of an identity proof in bytes. An Ethereum signature has 65. */
export const MAX_IDENTITY_PROOF_BYTES = 256;

/**
 * Key of a leaf, and its extension {@link LEAF_BINDING}, which names the leaf and can prove its identity:
 *
 * ```
 * struct {
 *   opaque admission<V>; opaque identity_proof<V>; uint64 key_since; opaque replaces<V>; opaque name<V>;
 *   opaque conversation<V>; opaque group_id<V>;
 * } LeafBinding;
 * ```
 *
 * A member's own commits keep it, except that a commit with another signature key has the proof and the time of that key.
 */
export interface LeafBinding {
  /** Ed25519 public key that the member signs with, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /**
   * 16 random bytes, different in each key package and each created group. `undefined` in a leaf without the extension,
   * such as one of de-mls 3.0.0, or with a malformed one.
   */
  readonly admission: Uint8Array | undefined;
  /** Signature by which the identity's own key vouches for `signatureKey`; not verified here. At most 256 bytes. */
  readonly identityProof: Uint8Array | undefined;
  /**
   * Time at which `signatureKey` was made, in seconds since the Unix epoch; part of the statement that
   * `identityProof` signs. Of two keys of an identity the later one counts. 0 if there is no `admission`.
   */
  readonly keySince: number;
  /**
   * {@link leafName} of earlier leaves of this member, at most 4. The key package replaces one of them: a member that is
   * left behind asks for its place again. Empty in the key package of a joiner.
   */
  readonly replaces: readonly Uint8Array[];
  /**
   * Name that the member claims for itself, signed with the leaf; not verified: two members can claim the same one. At most 64
   * bytes of UTF-8 without control characters. `undefined` if it claims none.
   */
  readonly claimedName: string | undefined;
  /** The only group that the leaf is for. `undefined` if its key package may be added to any. */
  readonly boundTo: BoundGroup | undefined;
}

/** The group that a leaf is for. */
export interface BoundGroup {
  /** Name of the conversation, 1 to 255 bytes of UTF-8. */
  readonly name: string;
  /** Group id, lower-case hex of at most 255 bytes; `undefined` if any group of the name may add it. */
  readonly groupId: string | undefined;
}

type Content = Omit<LeafBinding, "signatureKey">;

const NO_CONTENT: Content = {
  admission: undefined,
  identityProof: undefined,
  keySince: 0,
  replaces: [],
  claimedName: undefined,
  boundTo: undefined,
};

/** Settings of an own leaf. */
export interface OwnLeafOptions {
  /** {@link LeafBinding.identityProof} of this member, at most 256 bytes. @default none */
  readonly identityProof?: Uint8Array;
  /** {@link LeafBinding.replaces}; the last 4 count. @default none */
  readonly replaces?: readonly Uint8Array[];
  /** {@link LeafBinding.claimedName}. @default none */
  readonly claimedName?: string | undefined;
  /** {@link LeafBinding.boundTo}. That of a created group with STRICT_MARKER is the group itself. @default any group */
  readonly boundTo?: BoundGroup | undefined;
}

/**
 * Name of a leaf in {@link LeafBinding.replaces}, 16 bytes: the beginning of SHA-256 of the conversation's name and the
 * admission. A key package that names a leaf in one conversation names none in another.
 */
export function leafName(conversationName: string, admission: Uint8Array): Uint8Array {
  return sha256(concatBytes(tlsVector(utf8ToBytes(conversationName)), tlsVector(admission))).slice(
    0,
    ADMISSION_BYTES,
  );
}

/**
 * Whether a leaf may take the place of `former`, an earlier one of its member: it has the same signature key or a later
 * one. So the thief of a key that was replaced cannot take the place of its owner.
 */
export function succeedsKey(
  leaf: Pick<LeafBinding, "signatureKey" | "keySince">,
  former: Pick<LeafBinding, "signatureKey" | "keySince">,
): boolean {
  return bytesEqual(leaf.signatureKey, former.signatureKey) || leaf.keySince > former.keySince;
}

/** Whether a leaf is for another group than this one. */
export function isBoundElsewhere(
  { boundTo }: Pick<LeafBinding, "boundTo">,
  { name, groupId }: { readonly name: string; readonly groupId: string },
): boolean {
  if (boundTo === undefined) return false;
  return boundTo.name !== name || (boundTo.groupId !== undefined && boundTo.groupId !== groupId);
}

/** Extensions of a new own leaf. */
export function ownLeafExtensions(context: MlsContext, options: OwnLeafOptions): Extension[] {
  return [bindingExtension(context, context.suite.rng.randomBytes(ADMISSION_BYTES), options)];
}

/** Extensions of an own leaf whose signature key becomes the service's; the others stay. */
export function renewedExtensions(
  context: MlsContext,
  leaf: LeafNode,
  identityProof: Uint8Array,
): Extension[] {
  const { admission, ...kept } = leafBinding(leaf);
  return leaf.extensions.map((extension) =>
    extension.extensionType === LEAF_BINDING && admission !== undefined
      ? bindingExtension(context, admission, { ...kept, identityProof })
      : extension,
  );
}

function bindingExtension(
  { signatureKey }: MlsContext,
  admission: Uint8Array,
  { identityProof = new Uint8Array(0), replaces = [], claimedName: name, boundTo }: OwnLeafOptions,
): Extension {
  if (identityProof.length > MAX_IDENTITY_PROOF_BYTES)
    throw new DemlsError("invalid-identity-proof", {
      message: `The identity proof is longer than ${MAX_IDENTITY_PROOF_BYTES} bytes.`,
      field: "identityProof",
      remedy: "Pass one signature of the identity's key.",
    });
  if (name !== undefined && claimedName(name) === undefined)
    throw new DemlsError("invalid-claimed-name", {
      message: "The name that the leaf is to claim is too long, blank, or has control characters.",
      field: "claimedName",
      remedy: `Pass a line of text of at most ${MAX_CLAIMED_NAME_BYTES} bytes, or none.`,
    });
  const bound = [utf8ToBytes(boundTo?.name ?? ""), hexToBytes(boundTo?.groupId ?? "") ?? new Uint8Array(0)];
  const replaced = concatBytes(...replaces.slice(-MAX_REPLACED_LEAVES));
  const since = tlsUint64(BigInt(signatureKey.since));
  const extensionData = concatBytes(
    tlsVector(admission),
    tlsVector(identityProof),
    since,
    tlsVector(replaced),
    tlsVector(utf8ToBytes(name ?? "")),
    ...bound.map((field) => tlsVector(field)),
  );
  return { extensionType: LEAF_BINDING, extensionData };
}

/** Binding of a leaf; `undefined` when its extension is malformed. */
export function parseLeafBinding({ extensions, signaturePublicKey }: LeafNode): LeafBinding | undefined {
  const extension = extensions.find(({ extensionType }) => extensionType === LEAF_BINDING);
  const content = extension ? readOrUndefined(() => readContent(extension.extensionData)) : NO_CONTENT;
  return content && { signatureKey: signaturePublicKey, ...content };
}

/** Binding of a leaf in a group. A malformed extension counts as missing, since de-mls 3.0.0 members ignore it. */
export function leafBinding(leaf: LeafNode): LeafBinding {
  return parseLeafBinding(leaf) ?? { signatureKey: leaf.signaturePublicKey, ...NO_CONTENT };
}

function readContent(bytes: Uint8Array): Content {
  const reader = new TlsReader(bytes);
  const admission = reader.vector();
  const proof = reader.vector();
  const keySince = Number(reader.uint64());
  const replaced = reader.vector();
  const name = bytesToUtf8(reader.vector());
  const conversation = bytesToUtf8(reader.vector());
  const groupId = reader.vector();
  const isBound = conversation !== "" && conversation !== undefined;
  const isValid =
    reader.isAtEnd &&
    admission.length === ADMISSION_BYTES &&
    proof.length <= MAX_IDENTITY_PROOF_BYTES &&
    keySince <= MAX_KEY_SINCE &&
    replaced.length % ADMISSION_BYTES === 0 &&
    replaced.length <= MAX_REPLACED_LEAVES * ADMISSION_BYTES &&
    name !== undefined &&
    conversation !== undefined &&
    utf8ToBytes(conversation).length <= MAX_BOUND_BYTES &&
    groupId.length <= (isBound ? MAX_BOUND_BYTES : 0) &&
    (name === "" || claimedName(name) !== undefined);
  if (!isValid) throw new KeyPackageFormatError("Not a leaf binding.");
  const replaces = Array.from({ length: replaced.length / ADMISSION_BYTES }, (_, index) =>
    replaced.slice(index * ADMISSION_BYTES, (index + 1) * ADMISSION_BYTES),
  );
  const identityProof = proof.length === 0 ? undefined : proof;
  const boundTo = isBound
    ? { name: conversation, groupId: groupId.length === 0 ? undefined : bytesToHex(groupId) }
    : undefined;
  return { admission, identityProof, keySince, replaces, claimedName: name || undefined, boundTo };
}
