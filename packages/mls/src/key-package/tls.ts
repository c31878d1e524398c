import { concatBytes, tlsUint, tlsUint64, TlsReader, tlsVector } from "@demls/wire/core";
import {
  KeyPackageFormatError,
  readOrUndefined,
  type CapabilitiesModel,
  type ExtensionModel,
  type KeyPackageModel,
  type LeafModel,
} from "./model.js";

/** LeafNodeSource `key_package` (RFC 9420 § 7.2). */
const SOURCE_KEY_PACKAGE = 1;

/** Reads a TLS key package (RFC 9420 § 10); `undefined` unless the bytes are exactly one. */
export function decodeKeyPackageTls(bytes: Uint8Array): KeyPackageModel | undefined {
  return readOrUndefined(() => {
    const reader = new TlsReader(bytes);
    const model: KeyPackageModel = {
      version: reader.uint(2),
      ciphersuite: reader.uint(2),
      initKey: reader.vector(),
      leaf: readLeaf(reader),
      extensions: reader.items(readExtension),
      signature: reader.vector(),
    };
    if (!reader.isAtEnd) throw new KeyPackageFormatError("Bytes follow the key package.");
    return model;
  });
}

/** Writes a key package as TLS. */
export function encodeKeyPackageTls(model: KeyPackageModel): Uint8Array {
  return concatBytes(
    uint16(model.version),
    uint16(model.ciphersuite),
    tlsVector(model.initKey),
    encodeLeaf(model.leaf),
    tlsVector(...model.extensions.map(encodeExtension)),
    tlsVector(model.signature),
  );
}

function readLeaf(reader: TlsReader): LeafModel {
  const head = {
    encryptionKey: reader.vector(),
    signatureKey: reader.vector(),
    credentialType: reader.uint(2),
    credentialContent: reader.vector(),
    capabilities: readCapabilities(reader),
  };
  if (reader.uint(1) !== SOURCE_KEY_PACKAGE)
    throw new KeyPackageFormatError("The leaf does not belong to a key package.");
  return {
    ...head,
    notBefore: reader.uint64(),
    notAfter: reader.uint64(),
    extensions: reader.items(readExtension),
    signature: reader.vector(),
  };
}

function readCapabilities(reader: TlsReader): CapabilitiesModel {
  const numbers = () => reader.items((item) => item.uint(2));
  return {
    versions: numbers(),
    ciphersuites: numbers(),
    extensions: numbers(),
    proposals: numbers(),
    credentials: numbers(),
  };
}

function readExtension(reader: TlsReader): ExtensionModel {
  return { type: reader.uint(2), data: reader.vector() };
}

function encodeLeaf(leaf: LeafModel): Uint8Array {
  const { versions, ciphersuites, extensions, proposals, credentials } = leaf.capabilities;
  return concatBytes(
    tlsVector(leaf.encryptionKey),
    tlsVector(leaf.signatureKey),
    uint16(leaf.credentialType),
    tlsVector(leaf.credentialContent),
    ...[versions, ciphersuites, extensions, proposals, credentials].map((list) =>
      tlsVector(...list.map(uint16)),
    ),
    Uint8Array.of(SOURCE_KEY_PACKAGE),
    tlsUint64(leaf.notBefore),
    tlsUint64(leaf.notAfter),
    tlsVector(...leaf.extensions.map(encodeExtension)),
    tlsVector(leaf.signature),
  );
}

function encodeExtension(extension: ExtensionModel): Uint8Array {
  return concatBytes(uint16(extension.type), tlsVector(extension.data));
}

function uint16(value: number): Uint8Array {
  return tlsUint(value, 2);
}
