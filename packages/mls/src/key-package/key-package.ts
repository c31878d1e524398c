import type { MemberId } from "@demls/wire/core";
import type { LeafBinding } from "./leaf-binding.js";

/** Encoding of a key package: OpenMLS's serde JSON, as in de-mls 3.0.0, or TLS, as in 4.x. */
export type KeyPackageEncoding = "json" | "tls";

/** Private part of a key package. */
export interface KeyPackageSecrets {
  /** X25519 private key that opens the welcome, 32 bytes. */
  readonly initPrivateKey: Uint8Array;
  /** X25519 private key of the leaf, 32 bytes. */
  readonly leafPrivateKey: Uint8Array;
  /** Ed25519 private key of the leaf, 32 bytes. */
  readonly signaturePrivateKey: Uint8Array;
}

/** Own key package, for single use. */
export interface OwnKeyPackage {
  /** KeyPackageRef (RFC 9420 § 5.2), lower-case hex. Welcomes name the key package by it. */
  readonly reference: string;
  /** Public part, to send. */
  readonly bytes: Uint8Array;
  /** Private part, to keep. */
  readonly secrets: KeyPackageSecrets;
}

/**
 * Maximum size of an encoded key package in bytes, in either form. Commit candidates carry the shorter TLS form, so 50
 * Adds take at most 800 KiB. With the commit's path they fit the 1 MiB that members accept in a packet.
 */
export const MAX_KEY_PACKAGE_BYTES = 16_384;

/** Maximum size of an identity in bytes: every leaf, vote and list repeats it. De-MLS's own identities have 20. */
export const MAX_IDENTITY_BYTES = 256;

/** Reason that a key package is invalid. */
export type KeyPackageRejectReason =
  /** Longer than {@link MAX_KEY_PACKAGE_BYTES}, or its identity longer than {@link MAX_IDENTITY_BYTES}. */
  | "too-large"
  /** In neither form, or not readable by ts-mls. */
  | "malformed"
  /** Not MLS 1.0, or not ciphersuite 0x0001. */
  | "unsupported-suite"
  /** The leaf's credential is not a basic one, or its identity is empty. */
  | "not-basic-credential"
  /** The leaf's key did not sign the leaf or the key package. */
  | "bad-signature"
  | "expired"
  | "not-yet-valid"
  /** Valid for longer than 84 days and an hour, the longest lifetime that OpenMLS accepts. */
  | "lifetime-too-long"
  /** The capabilities lack MLS 1.0, ciphersuite 0x0001 or the basic credential. */
  | "unsupported-capabilities"
  /** An extension that the capabilities do not list, that is not allowed there, or that is repeated. */
  | "unsupported-extension"
  /** The leaf's extension {@link LEAF_BINDING} cannot be read. De-mls 3.0.0 ignores it, so a commit may add this leaf. */
  | "malformed-binding"
  /** Init key and leaf key are equal, or one has small order and cannot be encrypted to. */
  | "unusable-keys";

/** Reason that this group cannot add a valid key package. */
export type AddRejectReason =
  /** The leaf does not list an extension that the group context requires: see {@link MlsGroup.requiredExtensions}. */
  | "missing-required-capability"
  /** The leaf is for another group: see {@link LeafBinding.boundTo}. Only in a group that requires `STRICT_MARKER`. */
  | "other-group"
  /** A member has the same identity. */
  | "already-member"
  /** A member uses the same signature key. */
  | "duplicate-signature-key"
  /** A member uses the same leaf key or init key. */
  | "duplicate-encryption-key";

/** Valid key package. */
export interface ValidKeyPackage extends LeafBinding {
  readonly ok: true;
  /** Identity in the credential. Only the key package's own key vouches for it, unless `identityProof` is verified. */
  readonly identity: MemberId;
  /** KeyPackageRef, lower-case hex. */
  readonly reference: string;
  /** End of the lifetime in seconds since the Unix epoch. Members reject an Add of it afterwards. */
  readonly notAfterSeconds: bigint;
  /** Time at which an honest owner made it: its lifetime begins an hour earlier. Seconds since the Unix epoch. */
  readonly madeAtSeconds: bigint;
}

/** Invalid key package. */
export interface Rejected<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
}

/** Result of {@link MlsService.inspectKeyPackage}. */
export type KeyPackageInspection = ValidKeyPackage | Rejected<KeyPackageRejectReason>;

/** Result of {@link MlsService.canAdd}. */
export type AddCheck = ValidKeyPackage | Rejected<KeyPackageRejectReason | AddRejectReason>;

/** Result of {@link MlsService.canReplace}. */
export type ReplaceCheck =
  | AddCheck
  /** No member with a named leaf has the identity, or it has another leaf. */
  | Rejected<"not-a-member" | "other-leaf">
  /** Its signature key is an earlier one than that of the leaf: see {@link LeafBinding.keySince}. */
  | Rejected<"superseded-key">;
