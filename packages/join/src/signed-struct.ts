import { TlsReader } from "@demls/wire/core";

const SIGNATURE_BYTES = 64;

/** Layout of a struct with a signature at its end: a version byte, its fields, and the signature of all before it. */
export interface SignedLayout<T> {
  readonly version: number;
  /** Maximum length of all of it in bytes. */
  readonly maxBytes: number;
  /** Reads the fields after the version. Its errors count as those of malformed bytes. */
  readonly fields: (reader: TlsReader) => T;
  /** Whether all fields are in their ranges. */
  readonly isValid: (value: T) => boolean;
}

/** A struct as it was received, of which the signature is not checked yet. */
export interface ReadSigned<T> {
  readonly value: T;
  /** The signed part. */
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads a struct with a signature at its end; `undefined` if it is malformed. Never throws. */
export function readSigned<T>(
  bytes: Uint8Array,
  { version, maxBytes, fields, isValid }: SignedLayout<T>,
): ReadSigned<T> | undefined {
  if (bytes.length > maxBytes || bytes[0] !== version) return undefined;
  try {
    const reader = new TlsReader(bytes);
    reader.uint(1);
    const value = fields(reader);
    const content = bytes.slice(0, reader.count);
    const signature = reader.vector();
    const isWhole = reader.isAtEnd && isSignature(signature) && isValid(value);
    return isWhole ? { value, content, signature } : undefined;
  } catch {
    // The bytes end too early, or have a length that no encoder writes.
    return undefined;
  }
}

/** Whether a signature has the length of one by an Ed25519 key. */
export function isSignature({ length }: Uint8Array): boolean {
  return length === SIGNATURE_BYTES;
}
