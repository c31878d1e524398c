import { bytesEqual } from "@demls/wire/core";
import { HOUR_SECONDS, MAX_LIFETIME_SECONDS } from "../client/client-config.js";
import type { MlsContext } from "../client/mls-context.js";
import { CIPHERSUITE } from "../crypto/ciphersuite.js";
import { canEncryptTo } from "../crypto/x25519-strictness.js";
import { leafIdentity } from "../tree/ratchet-tree.js";
import {
  verifyKeyPackage,
  verifyLeafNodeSignatureKeyPackage,
  type Extension,
  type KeyPackage,
  type LeafNode,
  type Lifetime,
} from "../ts-mls.js";
import { parseKeyPackage } from "./encoding.js";
import { keyPackageReference } from "./generate.js";
import {
  MAX_IDENTITY_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  type KeyPackageRejectReason,
  type KeyPackageInspection,
  type ValidKeyPackage,
} from "./key-package.js";
import { leafBinding, parseLeafBinding } from "./leaf-binding.js";
import { isGrease } from "./serde-names.js";

/** Key package that {@link inspectKeyPackage} found valid, as a ts-mls value. */
export interface InspectedKeyPackage extends ValidKeyPackage {
  readonly keyPackage: KeyPackage;
}

/**
 * Checks that OpenMLS 0.8 receivers make on a key package before they consult their group, except signatures
 * (`KeyPackageIn::validate`, `validate_leaf_node`). Exactly these: when staging a commit, a stricter check would cause
 * a fork just as a weaker one would.
 */
export function receiverRejectReason(
  keyPackage: KeyPackage,
  nowSeconds: bigint,
): KeyPackageRejectReason | undefined {
  const { leafNode } = keyPackage;
  if (keyPackage.version !== "mls10" || keyPackage.cipherSuite !== CIPHERSUITE) return "unsupported-suite";
  if (bytesEqual(keyPackage.initKey, leafNode.hpkePublicKey)) return "unusable-keys";
  const { versions, ciphersuites, credentials } = leafNode.capabilities;
  const supported =
    versions.includes("mls10") &&
    ciphersuites.includes(CIPHERSUITE) &&
    credentials.includes(leafNode.credential.credentialType);
  if (!supported) return "unsupported-capabilities";
  const extensionsSupported =
    extensionsAllowed(keyPackage.extensions, leafNode, () => false) &&
    extensionsAllowed(leafNode.extensions, leafNode, (type) => type === "application_id");
  if (!extensionsSupported) return "unsupported-extension";
  return lifetimeRejectReason(leafNode.lifetime, nowSeconds);
}

/** Whether a lifetime covers `nowSeconds`, with strict bounds as in OpenMLS 0.8. */
export function lifetimeRejectReason(
  lifetime: Lifetime,
  nowSeconds: bigint,
): "expired" | "not-yet-valid" | undefined {
  if (nowSeconds <= lifetime.notBefore) return "not-yet-valid";
  return nowSeconds >= lifetime.notAfter ? "expired" : undefined;
}

/** Whether the leaf's key signed the leaf and the key package. */
export async function signaturesHold(context: MlsContext, keyPackage: KeyPackage): Promise<boolean> {
  const { signature } = context.suite;
  return (
    (await verifyLeafNodeSignatureKeyPackage(keyPackage.leafNode, signature)) &&
    (await verifyKeyPackage(keyPackage, signature))
  );
}

/** See {@link MlsService.inspectKeyPackage}. */
export async function inspectKeyPackage(
  context: MlsContext,
  bytes: Uint8Array,
): Promise<KeyPackageInspection> {
  const found = await examineKeyPackage(context, bytes);
  if (!found.ok) return found;
  const { keyPackage: _, ...inspection } = found;
  return inspection;
}

/** {@link inspectKeyPackage} that also returns the key package, for callers that add it next. */
export async function examineKeyPackage(
  context: MlsContext,
  bytes: Uint8Array,
): Promise<InspectedKeyPackage | Extract<KeyPackageInspection, { ok: false }>> {
  if (bytes.length > MAX_KEY_PACKAGE_BYTES) return { ok: false, reason: "too-large" };
  const keyPackage = parseKeyPackage(bytes);
  if (keyPackage === undefined) return { ok: false, reason: "malformed" };
  if (hasLongIdentity(keyPackage.leafNode)) return { ok: false, reason: "too-large" };
  const reason = await keyPackageRejectReason(context, keyPackage);
  const identity = leafIdentity(keyPackage.leafNode);
  if (reason !== undefined) return { ok: false, reason };
  if (identity === undefined || identity === "") return { ok: false, reason: "not-basic-credential" };
  return {
    ok: true,
    identity,
    reference: await keyPackageReference(context, keyPackage),
    notAfterSeconds: keyPackage.leafNode.lifetime.notAfter,
    madeAtSeconds: madeAtSeconds(keyPackage.leafNode),
    ...leafBinding(keyPackage.leafNode),
    keyPackage,
  };
}

/** See {@link ValidKeyPackage.madeAtSeconds}. */
export function madeAtSeconds({ lifetime }: Pick<KeyPackage["leafNode"], "lifetime">): bigint {
  return lifetime.notBefore + HOUR_SECONDS;
}

function hasLongIdentity({ credential }: LeafNode): boolean {
  return credential.credentialType === "basic" && credential.identity.length > MAX_IDENTITY_BYTES;
}

async function keyPackageRejectReason(
  context: MlsContext,
  keyPackage: KeyPackage,
): Promise<KeyPackageRejectReason | undefined> {
  const received = receiverRejectReason(keyPackage, context.nowSeconds());
  if (received !== undefined) return received;
  const { notBefore, notAfter } = keyPackage.leafNode.lifetime;
  if (notAfter - notBefore > MAX_LIFETIME_SECONDS) return "lifetime-too-long";
  if (!(await signaturesHold(context, keyPackage))) return "bad-signature";
  if (parseLeafBinding(keyPackage.leafNode) === undefined) return "malformed-binding";
  // A key of small order passes every other check, but no steward can encrypt a welcome to it.
  const usable = canEncryptTo(keyPackage.initKey) && canEncryptTo(keyPackage.leafNode.hpkePublicKey);
  return usable ? undefined : "unusable-keys";
}

/** Default extension types need not be listed, but are allowed only in few places. GREASE types cannot be listed. */
function extensionsAllowed(
  extensions: readonly Extension[],
  leaf: LeafNode,
  isDefaultAllowed: (type: string) => boolean,
): boolean {
  const types = extensions.map((extension) => extension.extensionType);
  if (new Set(types).size !== types.length) return false;
  return types.every((type) =>
    typeof type === "string"
      ? isDefaultAllowed(type)
      : !isGrease(type) && leaf.capabilities.extensions.includes(type),
  );
}
