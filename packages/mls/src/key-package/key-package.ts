import type { MemberId } from "@demls/wire/core";

/** How a key package is written: OpenMLS's serde JSON as de-mls 3.0.0 sends it, or TLS as 4.x does. */
export type KeyPackageEncoding = "json" | "tls";

/** The private part of a key package. */
export interface KeyPackageSecrets {
  /** X25519 key that the welcome is encrypted to, 32 bytes. */
  readonly initPrivateKey: Uint8Array;
  /** X25519 key of the leaf, 32 bytes. */
  readonly leafPrivateKey: Uint8Array;
}

/** A key package of one's own: single use. */
export interface OwnKeyPackage {
  /** KeyPackageRef (RFC 9420 § 5.2), lower-case hex: by it a welcome names the key package. */
  readonly reference: string;
  /** What is handed out. */
  readonly bytes: Uint8Array;
  /** What is kept. */
  readonly secrets: KeyPackageSecrets;
}

/**
 * Most bytes of a key package as it travels, in either form. Its TLS form, which a commit candidate carries,
 * is the shorter one, so that the 50 Adds of one candidate take at most 800 KiB: with the commit's path they
 * fit a packet of 1 MiB, more than which members refuse to read.
 */
export const MAX_KEY_PACKAGE_BYTES = 16_384;

/** Most bytes of an identity: it comes back in every leaf, vote and list. De-MLS's own have 20. */
export const MAX_IDENTITY_BYTES = 256;

/** Why a key package is not to be believed. */
export type KeyPackageRejectReason =
  /** Longer than {@link MAX_KEY_PACKAGE_BYTES}, or its identity than {@link MAX_IDENTITY_BYTES}. */
  | "too-large"
  /** Neither form, or not a key package that ts-mls can read. */
  | "malformed"
  /** Not MLS 1.0 or not ciphersuite 0x0001. */
  | "unsupported-suite"
  /** The leaf's credential is not a basic one, or its identity is empty. */
  | "not-basic-credential"
  /** The leaf's or the key package's signature is not by the leaf's key. */
  | "bad-signature"
  | "expired"
  | "not-yet-valid"
  /** Valid for longer than 84 days and an hour, the longest that OpenMLS calls acceptable. */
  | "lifetime-too-long"
  /** The capabilities lack MLS 1.0, ciphersuite 0x0001 or the basic credential. */
  | "unsupported-capabilities"
  /** An extension that the capabilities don't list, that doesn't belong there, or twice. */
  | "unsupported-extension"
  /** Init key and leaf key are the same, or one is of small order: nothing can be encrypted to it. */
  | "unusable-keys";

/** Why this group can't take a key package that is valid by itself. */
export type AddRejectReason =
  /** The group context requires what the leaf doesn't list: see {@link MlsGroup.requiredExtensions}. */
  | "missing-required-capability"
  /** The identity is a member's. */
  | "already-member"
  /** The signature key is in use by a member. */
  | "duplicate-signature-key"
  /** The leaf key or the init key is in use by a member. */
  | "duplicate-encryption-key";

/** A key package that holds by itself. */
export interface ValidKeyPackage {
  readonly ok: true;
  /** Whom the credential names. Authenticated only in that the key package's own key signed it. */
  readonly identity: MemberId;
  /** KeyPackageRef, lower-case hex. */
  readonly reference: string;
  /** When its lifetime ends, in seconds since the Unix epoch: no member takes an Add of it after that. */
  readonly notAfterSeconds: bigint;
}

/** A key package that is not to be used. */
export interface Rejected<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
}

/** What {@link MlsService.inspectKeyPackage} found. */
export type KeyPackageInspection = ValidKeyPackage | Rejected<KeyPackageRejectReason>;

/** What {@link MlsService.canAdd} found. */
export type AddCheck = ValidKeyPackage | Rejected<KeyPackageRejectReason | AddRejectReason>;
