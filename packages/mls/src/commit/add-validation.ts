import { bytesEqual, bytesToHex } from "@demls/wire/core";
import { STRICT_MARKER } from "../client/strict-marker.js";
import type { MlsContext } from "../client/mls-context.js";
import { conversationName } from "../group/conversation-name.js";
import { type TsMlsGroup } from "../group/mls-group.js";
import { requiredCapabilities } from "../group/required-extensions.js";
import { parseKeyPackage } from "../key-package/encoding.js";
import type {
  AddCheck,
  AddRejectReason,
  KeyPackageRejectReason,
  ReplaceCheck,
} from "../key-package/key-package.js";
import { isBoundElsewhere, leafBinding, leafName, succeedsKey } from "../key-package/leaf-binding.js";
import { examineKeyPackage, receiverRejectReason, signaturesHold } from "../key-package/validation.js";
import { allDistinct } from "../tree/distinct-keys.js";
import { occupiedLeaves } from "../tree/ratchet-tree.js";
import {
  extensionsSupportedByCapabilities,
  type ClientState,
  type KeyPackage,
  type LeafNode,
} from "../ts-mls.js";

/** Highest extension type defined by RFC 9420 itself. Leaves need not list support for these. */
const LAST_DEFAULT_EXTENSION = 5;
const LAST_DEFAULT_PROPOSAL = 7;

/** See {@link MlsService.canAdd}. */
export async function canAdd(
  context: MlsContext,
  group: TsMlsGroup,
  bytes: Uint8Array,
  besides: readonly Uint8Array[],
): Promise<AddCheck> {
  const found = await examineKeyPackage(context, bytes);
  if (!found.ok) return found;
  const { keyPackage, ...inspection } = found;
  if (group.members.includes(found.identity)) return { ok: false, reason: "already-member" };
  const reason =
    addsRejectReason([keyPackage], group.state, new Set()) ?? conflictRejectReason(keyPackage, besides);
  return reason === undefined ? inspection : { ok: false, reason };
}

/** See {@link MlsService.canReplace}. */
export async function canReplace(
  context: MlsContext,
  group: TsMlsGroup,
  bytes: Uint8Array,
): Promise<ReplaceCheck> {
  const found = await examineKeyPackage(context, bytes);
  if (!found.ok) return found;
  const { keyPackage, ...inspection } = found;
  const leaf = group.roster.find(({ member }) => member === found.identity);
  const admission = leaf?.admission;
  if (leaf === undefined || admission === undefined) return { ok: false, reason: "not-a-member" };
  const name = leafName(group.name, admission);
  if (!found.replaces.some((each) => bytesEqual(each, name))) return { ok: false, reason: "other-leaf" };
  if (!succeedsKey(found, leaf)) return { ok: false, reason: "superseded-key" };
  const reason = addsRejectReason([keyPackage], group.state, new Set([leaf.leafIndex]));
  return reason === undefined ? inspection : { ok: false, reason };
}

/** Keys and identities that two Adds of one commit must not share. */
function conflictRejectReason(
  keyPackage: KeyPackage,
  besides: readonly Uint8Array[],
): AddRejectReason | undefined {
  for (const rival of besides.map(parseKeyPackage)) {
    if (rival === undefined || bytesEqual(rival.signature, keyPackage.signature)) continue;
    const reason = commonKeys([keyPackage, rival]);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/**
 * Checks on a commit's Adds that OpenMLS 0.8 receivers make and ts-mls 1.6.4 omits. OpenMLS members reject a commit
 * that fails them, so a member that merged it would be alone in its epoch. Lifetimes, by the injected clock, and
 * signatures are checked too.
 *
 * @param removed - leaf indices that the same commit removes; their keys and identities are free again.
 */
export async function receivedAddsRejectReason(
  context: MlsContext,
  keyPackages: readonly KeyPackage[],
  state: ClientState,
  removed: ReadonlySet<number>,
): Promise<KeyPackageRejectReason | AddRejectReason | undefined> {
  for (const keyPackage of keyPackages) {
    const reason = receiverRejectReason(keyPackage, context.nowSeconds());
    if (reason !== undefined) return reason;
    if (!(await signaturesHold(context, keyPackage))) return "bad-signature";
  }
  return addsRejectReason(keyPackages, state, removed);
}

/** Reason that a group cannot apply these Adds together, although each is valid by itself. */
export function addsRejectReason(
  keyPackages: readonly KeyPackage[],
  state: ClientState,
  removed: ReadonlySet<number>,
): Exclude<AddRejectReason, "already-member"> | undefined {
  if (keyPackages.length === 0) return undefined;
  if (!keyPackages.every((keyPackage) => meetsGroupContext(keyPackage, state)))
    return "missing-required-capability";
  if (keyPackages.some((keyPackage) => isForOtherGroup(keyPackage, state))) return "other-group";
  const staying = occupiedLeaves(state).filter(({ index }) => !removed.has(index));
  return commonKeys(
    keyPackages,
    staying.map(({ leaf }) => leaf),
  );
}

/** Whether a key package is for another group than this one, in a group whose members all bind their leaves. */
function isForOtherGroup({ leafNode }: KeyPackage, { groupContext }: ClientState): boolean {
  const required = requiredCapabilities(groupContext.extensions)?.extensionTypes ?? [];
  if (!required.includes(STRICT_MARKER)) return false;
  const name = conversationName(groupContext) ?? "";
  return isBoundElsewhere(leafBinding(leafNode), { name, groupId: bytesToHex(groupContext.groupId) });
}

/** Whether any of these Adds and the other leaves share a key. */
function commonKeys(
  keyPackages: readonly KeyPackage[],
  staying: readonly LeafNode[] = [],
): "duplicate-signature-key" | "duplicate-encryption-key" | undefined {
  const leaves = [...staying, ...keyPackages.map((keyPackage) => keyPackage.leafNode)];
  if (!allDistinct(leaves.map((leaf) => leaf.signaturePublicKey))) return "duplicate-signature-key";
  const encryptionKeys = [
    ...leaves.map((leaf) => leaf.hpkePublicKey),
    ...keyPackages.map((keyPackage) => keyPackage.initKey),
  ];
  return allDistinct(encryptionKeys) ? undefined : "duplicate-encryption-key";
}

/** Checks the group context's own extensions and its required capabilities (RFC 9420 § 7.2 and § 11.1). */
function meetsGroupContext(keyPackage: KeyPackage, state: ClientState): boolean {
  const { extensions } = state.groupContext;
  const { capabilities } = keyPackage.leafNode;
  if (!extensionsSupportedByCapabilities(extensions, capabilities)) return false;
  const required = requiredCapabilities(extensions);
  if (required === undefined) return true;
  const listed = (supported: readonly number[], lastDefault: number) => (type: number) =>
    type <= lastDefault || supported.includes(type);
  return (
    required.extensionTypes.every(listed(capabilities.extensions, LAST_DEFAULT_EXTENSION)) &&
    required.proposalTypes.every(listed(capabilities.proposals, LAST_DEFAULT_PROPOSAL)) &&
    required.credentialTypes.every((type) => capabilities.credentials.includes(type))
  );
}
