/**
 * Key package as numbers and bytes, common to its two forms.
 *
 * The type of ts-mls has names in place of numbers, and none for some values that OpenMLS preserves.
 */
export interface KeyPackageModel {
  readonly version: number;
  readonly ciphersuite: number;
  readonly initKey: Uint8Array;
  readonly leaf: LeafModel;
  readonly extensions: readonly ExtensionModel[];
  readonly signature: Uint8Array;
}

/** Leaf node with the source `key_package` (RFC 9420 § 7.2). */
export interface LeafModel {
  readonly encryptionKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly credentialType: number;
  /** Identity of a basic credential, or certificate list of an X.509 one. */
  readonly credentialContent: Uint8Array;
  readonly capabilities: CapabilitiesModel;
  /** Seconds since the Unix epoch, 64 bits. */
  readonly notBefore: bigint;
  /** Seconds since the Unix epoch, 64 bits. */
  readonly notAfter: bigint;
  readonly extensions: readonly ExtensionModel[];
  readonly signature: Uint8Array;
}

/** Capabilities of a leaf, as 16-bit numbers. */
export interface CapabilitiesModel {
  readonly versions: readonly number[];
  readonly ciphersuites: readonly number[];
  readonly extensions: readonly number[];
  readonly proposals: readonly number[];
  readonly credentials: readonly number[];
}

/** Extension with its data as sent on the wire. */
export interface ExtensionModel {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Thrown inside the readers of this folder, which return `undefined` instead. */
export class KeyPackageFormatError extends Error {}

/** Result of a reader, or `undefined` when its input is malformed. */
export function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
