/**
 * A key package as numbers and bytes, between its two forms.
 *
 * Deliberately not ts-mls's type: that one names enum values, and has no name for some that OpenMLS
 * carries from one form to the other.
 */
export interface KeyPackageModel {
  readonly version: number;
  readonly ciphersuite: number;
  readonly initKey: Uint8Array;
  readonly leaf: LeafModel;
  readonly extensions: readonly ExtensionModel[];
  readonly signature: Uint8Array;
}

/** A leaf node whose source is a key package (RFC 9420 § 7.2). */
export interface LeafModel {
  readonly encryptionKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly credentialType: number;
  /** The identity of a basic credential, the certificate list of an X.509 one. */
  readonly credentialContent: Uint8Array;
  readonly capabilities: CapabilitiesModel;
  /** Seconds since the Unix epoch, 64 bits. */
  readonly notBefore: bigint;
  /** Seconds since the Unix epoch, 64 bits. */
  readonly notAfter: bigint;
  readonly extensions: readonly ExtensionModel[];
  readonly signature: Uint8Array;
}

/** Everything that a leaf supports, as 16-bit numbers. */
export interface CapabilitiesModel {
  readonly versions: readonly number[];
  readonly ciphersuites: readonly number[];
  readonly extensions: readonly number[];
  readonly proposals: readonly number[];
  readonly credentials: readonly number[];
}

/** An extension with its data as it is on the wire. */
export interface ExtensionModel {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Thrown inside the readers of this folder and turned into `undefined` at their edge. */
export class KeyPackageFormatError extends Error {}

/** The result of a reader, or `undefined` where its input isn't well-formed. */
export function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
