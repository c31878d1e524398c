import { concatBytes } from "@demls/wire/core";
import {
  KeyPackageFormatError,
  readOrUndefined,
  type CapabilitiesModel,
  type ExtensionModel,
  type KeyPackageModel,
  type LeafModel,
} from "./model.js";
import { tlsReader, type TlsReader } from "./tls-reader.js";

/** LeafNodeSource `key_package` (RFC 9420 § 7.2). */
const SOURCE_KEY_PACKAGE = 1;

/** Reads a TLS key package (RFC 9420 § 10); `undefined` unless the bytes are exactly one. */
export function decodeKeyPackageTls(bytes: Uint8Array): KeyPackageModel | undefined {
  return readOrUndefined(() => {
    const reader = tlsReader(bytes);
    const model: KeyPackageModel = {
      version: reader.uint16(),
      ciphersuite: reader.uint16(),
      initKey: reader.opaque(),
      leaf: readLeaf(reader),
      extensions: reader.vector(readExtension),
      signature: reader.opaque(),
    };
    if (!reader.done()) throw new KeyPackageFormatError("Bytes follow the key package.");
    return model;
  });
}

/** Writes a key package as TLS. */
export function encodeKeyPackageTls(model: KeyPackageModel): Uint8Array {
  return concatBytes(
    uint16(model.version),
    uint16(model.ciphersuite),
    opaque(model.initKey),
    encodeLeaf(model.leaf),
    opaque(...model.extensions.map(encodeExtension)),
    opaque(model.signature),
  );
}

function readLeaf(reader: TlsReader): LeafModel {
  const head = {
    encryptionKey: reader.opaque(),
    signatureKey: reader.opaque(),
    credentialType: reader.uint16(),
    credentialContent: reader.opaque(),
    capabilities: readCapabilities(reader),
  };
  if (reader.uint8() !== SOURCE_KEY_PACKAGE)
    throw new KeyPackageFormatError("The leaf does not belong to a key package.");
  return {
    ...head,
    notBefore: reader.uint64(),
    notAfter: reader.uint64(),
    extensions: reader.vector(readExtension),
    signature: reader.opaque(),
  };
}

function readCapabilities(reader: TlsReader): CapabilitiesModel {
  const numbers = () => reader.vector((item) => item.uint16());
  return {
    versions: numbers(),
    ciphersuites: numbers(),
    extensions: numbers(),
    proposals: numbers(),
    credentials: numbers(),
  };
}

function readExtension(reader: TlsReader): ExtensionModel {
  return { type: reader.uint16(), data: reader.opaque() };
}

function encodeLeaf(leaf: LeafModel): Uint8Array {
  const { versions, ciphersuites, extensions, proposals, credentials } = leaf.capabilities;
  return concatBytes(
    opaque(leaf.encryptionKey),
    opaque(leaf.signatureKey),
    uint16(leaf.credentialType),
    opaque(leaf.credentialContent),
    ...[versions, ciphersuites, extensions, proposals, credentials].map((list) =>
      opaque(...list.map(uint16)),
    ),
    Uint8Array.of(SOURCE_KEY_PACKAGE),
    uint64(leaf.notBefore),
    uint64(leaf.notAfter),
    opaque(...leaf.extensions.map(encodeExtension)),
    opaque(leaf.signature),
  );
}

function encodeExtension(extension: ExtensionModel): Uint8Array {
  return concatBytes(uint16(extension.type), opaque(extension.data));
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** `uint64`. */
export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** `opaque<V>` of the concatenated parts. */
export function opaque(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length < 0x40) return concatBytes(Uint8Array.of(length), ...parts);
  if (length < 0x4000) return concatBytes(uint16(length | 0x4000), ...parts);
  return concatBytes(uint16((length >>> 16) | 0x8000), uint16(length & 0xffff), ...parts);
}
