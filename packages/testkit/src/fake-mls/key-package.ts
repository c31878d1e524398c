import {
  MAX_IDENTITY_BYTES,
  MAX_IDENTITY_PROOF_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  MAX_REPLACED_LEAVES,
  LEAF_BINDING,
  type KeyPackageRejectReason,
  type OwnKeyPackage,
  type OwnLeafOptions,
  type Rejected,
  type SignatureKeyPair,
  type ValidKeyPackage,
} from "@demls/mls";
import {
  bytesEqual,
  bytesToHex,
  bytesToUtf8,
  claimedName,
  DemlsError,
  memberIdFromBytes,
  type RandomSource,
} from "@demls/wire/core";
import { encodeFields, hashOf, numbersIn, wholeNumber } from "./fields.js";
import { bindingOf, type Leaf, type Lifetime } from "./group.js";
import { decodeBinding, encodeBinding, NO_BINDING, type Binding } from "./leaf-codec.js";
import { encodeMessage, messageFields } from "./sealed-message.js";

/** Member and inputs for creating key packages. */
export interface KeyPackageOwner {
  readonly identity: Uint8Array;
  /** Key of new leaves. */
  readonly signatureKey: Required<SignatureKeyPair>;
  readonly random: RandomSource;
  readonly nowSeconds: () => bigint;
  /** Extension types that its leaves list. */
  readonly extensions: readonly number[];
}

/** Key package as sent. */
export interface KeyPackage {
  readonly leaf: Leaf & { readonly lifetime: Lifetime };
  readonly initKey: Uint8Array;
  /** Whether its tag, which replaces both signatures, matches the other fields. */
  readonly signed: boolean;
  /** Lower-case hex. */
  readonly reference: string;
}

const ADMISSION_BYTES = 16;
const NO_PROOF = new Uint8Array();
const HOUR_SECONDS = 3_600n;
const LIFETIME_SECONDS = 84n * 24n * HOUR_SECONDS;

/** New key package, valid from an hour ago for 84 days. */
export function generateKeyPackage(owner: KeyPackageOwner, options: OwnLeafOptions): OwnKeyPackage {
  const secrets = {
    initPrivateKey: owner.random.bytes(32),
    leafPrivateKey: owner.random.bytes(32),
    signaturePrivateKey: owner.signatureKey.privateKey.slice(),
  };
  const now = owner.nowSeconds();
  const content = [
    owner.identity,
    owner.signatureKey.publicKey,
    publicKeyOf(secrets.initPrivateKey),
    publicKeyOf(secrets.leafPrivateKey),
    now > HOUR_SECONDS ? now - HOUR_SECONDS : 0n,
    now + LIFETIME_SECONDS,
    encodeFields(owner.extensions),
    encodeBinding(ownBinding(owner, options)),
  ];
  const bytes = encodeMessage(["key package", ...content, hashOf("key package", ...content)]);
  return { reference: bytesToHex(hashOf("reference", bytes)), bytes, secrets };
}

/** Admission and identity proof of a new own leaf, if the owner's leaves list the extension. */
export function ownBinding(
  { random, extensions, signatureKey }: Pick<KeyPackageOwner, "random" | "extensions" | "signatureKey">,
  { identityProof = NO_PROOF, replaces = [], claimedName: name, boundTo }: OwnLeafOptions,
): Binding {
  if (identityProof.length > MAX_IDENTITY_PROOF_BYTES)
    throw new DemlsError("invalid-identity-proof", {
      message: "The identity proof is too long.",
      field: "identityProof",
      remedy: `Pass at most ${MAX_IDENTITY_PROOF_BYTES} bytes.`,
    });
  if (name !== undefined && claimedName(name) === undefined)
    throw new DemlsError("invalid-claimed-name", {
      message: "The name that the leaf is to claim is not a line of text.",
      field: "claimedName",
      remedy: "Pass a short line of text, or none.",
    });
  if (!extensions.includes(LEAF_BINDING)) return NO_BINDING;
  return {
    admission: random.bytes(ADMISSION_BYTES),
    identityProof: identityProof.length === 0 ? undefined : Uint8Array.from(identityProof),
    keySince: signatureKey.since,
    replaces: replaces.slice(-MAX_REPLACED_LEAVES).map((each) => Uint8Array.from(each)),
    claimedName: name,
    boundTo,
  };
}

/** Public half of a private key. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return hashOf("public key", privateKey);
}

/** Reads and validates a key package by itself. */
export function inspectKeyPackage(
  bytes: Uint8Array,
  nowSeconds: bigint,
): (ValidKeyPackage & { readonly keyPackage: KeyPackage }) | Rejected<KeyPackageRejectReason> {
  if (bytes.length > MAX_KEY_PACKAGE_BYTES) return { ok: false, reason: "too-large" };
  const keyPackage = parseKeyPackage(bytes);
  if (keyPackage === undefined) return { ok: false, reason: "malformed" };
  const { leaf, reference } = keyPackage;
  if (leaf.member === "") return { ok: false, reason: "not-basic-credential" };
  if (leaf.member.length > 2 * MAX_IDENTITY_BYTES) return { ok: false, reason: "too-large" };
  const reason = lifetimeRejectReason(leaf.lifetime, nowSeconds);
  if (reason !== undefined) return { ok: false, reason };
  if (!keyPackage.signed) return { ok: false, reason: "bad-signature" };
  const { notAfter: notAfterSeconds } = leaf.lifetime;
  const madeAtSeconds = madeAt(leaf.lifetime);
  const identity = leaf.member;
  return { ok: true, identity, reference, notAfterSeconds, madeAtSeconds, ...bindingOf(leaf), keyPackage };
}

/** Time at which a key package of this lifetime was made, in seconds since the Unix epoch. */
export function madeAt({ notBefore }: Pick<Lifetime, "notBefore">): bigint {
  return notBefore + HOUR_SECONDS;
}

/** Whether a lifetime covers `nowSeconds`, ends excluded. */
export function lifetimeRejectReason(
  { notBefore, notAfter }: Lifetime,
  nowSeconds: bigint,
): "expired" | "not-yet-valid" | undefined {
  if (nowSeconds <= notBefore) return "not-yet-valid";
  return nowSeconds >= notAfter ? "expired" : undefined;
}

/** Reads a key package, valid or not; `undefined` when it is not one. */
export function parseKeyPackage(bytes: Uint8Array): KeyPackage | undefined {
  const fields = messageFields(bytes) ?? [];
  const [kind, identity, signatureKey, initKey, leafKey, notBeforeField, notAfterField, types, bound, tag] =
    fields;
  const extensions = numbersIn(types);
  const [notBefore, notAfter] = [wholeNumber(notBeforeField), wholeNumber(notAfterField)];
  if (kind === undefined || bytesToUtf8(kind) !== "key package" || fields.length !== 10) return undefined;
  const binding = bound && decodeBinding(bound);
  if (!identity || !signatureKey || !initKey || !leafKey || !extensions || !binding || !tag) return undefined;
  if (notBefore === undefined || notAfter === undefined) return undefined;
  return {
    leaf: {
      member: memberIdFromBytes(identity),
      signatureKey,
      leafKey,
      lifetime: { notBefore, notAfter },
      extensions,
      ...binding,
    },
    initKey,
    signed: bytesEqual(tag, hashOf(...fields.slice(0, -1))),
    reference: bytesToHex(hashOf("reference", bytes)),
  };
}
