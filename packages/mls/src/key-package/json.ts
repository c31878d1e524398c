import { bytesToUtf8, TlsReader, tlsVector, utf8ToBytes } from "@demls/wire/core";
import {
  KeyPackageFormatError,
  readOrUndefined,
  type CapabilitiesModel,
  type ExtensionModel,
  type KeyPackageModel,
  type LeafModel,
} from "./model.js";
import {
  CIPHERSUITE_NAMES,
  CREDENTIAL_TYPES,
  EXTENSION_TYPES,
  PROPOSAL_TYPES,
  uint16,
  VERSIONS,
  type SerdeEnum,
} from "./serde-names.js";

const APPLICATION_ID = 1;
const LAST_RESORT = 10;
/** Default extension types with their own body; none is allowed in a key package or its leaf. */
const NEVER_IN_KEY_PACKAGES = [2, 3, 4, 5];

/**
 * Reads the serde JSON of OpenMLS 0.8's `KeyPackage`, the form used by de-mls 3.0.0.
 *
 * @returns `undefined` for anything else. Extensions that are not allowed in a key package (`RatchetTree`,
 *   `RequiredCapabilities`, `ExternalPub`, `ExternalSenders`) are not read.
 */
export function decodeKeyPackageJson(bytes: Uint8Array): KeyPackageModel | undefined {
  return readOrUndefined(() => {
    const json = member(parseWithExactIntegers(bytesToUtf8(bytes) ?? ""));
    const payload = json("payload");
    return {
      version: VERSIONS.read(payload("protocol_version").value),
      ciphersuite: readCiphersuite(payload("ciphersuite").value),
      initKey: readBytes(payload("init_key")("key")),
      leaf: readLeaf(payload("leaf_node")),
      extensions: readExtensions(payload("extensions")),
      signature: readBytes(json("signature")("value")),
    };
  });
}

/**
 * Writes a key package as OpenMLS 0.8's serde JSON, byte for byte as de-mls 3.0.0 does.
 *
 * @returns `undefined` when JSON cannot represent it: an unnamed ciphersuite, or an extension that
 *   {@link decodeKeyPackageJson} does not read.
 */
export function encodeKeyPackageJson(model: KeyPackageModel): Uint8Array | undefined {
  return readOrUndefined(() => {
    const payload = record({
      protocol_version: VERSIONS.write(model.version),
      ciphersuite: writeCiphersuite(model.ciphersuite),
      init_key: record({ key: writeBytes(model.initKey) }),
      leaf_node: writeLeaf(model.leaf),
      extensions: writeExtensions(model.extensions),
    });
    return utf8ToBytes(record({ payload, signature: writeSignature(model.signature) }));
  });
}

/** Whether bytes are JSON rather than TLS. A TLS key package starts with its version, 0x0001. */
export function looksLikeJson(bytes: Uint8Array): boolean {
  return bytes[0] !== 0;
}

// ── Reading ──

/** Parsed value. Call it with a name to get the field of that name. */
interface Member {
  (name: string): Member;
  readonly value: unknown;
}

function member(value: unknown): Member {
  const read = (name: string): Member => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      throw new KeyPackageFormatError("A field is missing.");
    return member((value as Record<string, unknown>)[name]);
  };
  return Object.assign(read, { value });
}

/** Marks integers too long for a double, so that 64-bit times survive `JSON.parse`. */
const LONG_INTEGER = "\u0000integer:";

function parseWithExactIntegers(text: string): unknown {
  // Matches strings first, so that digits inside them stay as they are. An unterminated string also matches as a whole.
  // Otherwise the search would restart at each quote inside it, in quadratic time.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"?|\b\d{16,}\b/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(LONG_INTEGER + token),
  );
  return JSON.parse(marked);
}

function readUint64(json: unknown): bigint {
  const isLong = typeof json === "string" && json.startsWith(LONG_INTEGER);
  if (!isLong && !(typeof json === "number" && Number.isInteger(json)))
    throw new KeyPackageFormatError("Not a 64-bit number.");
  const value = BigInt(isLong ? json.slice(LONG_INTEGER.length) : json);
  if (value < 0n || value >= 1n << 64n) throw new KeyPackageFormatError("Not a 64-bit number.");
  return value;
}

function readByteList(json: unknown): Uint8Array {
  const isByte = (item: unknown) =>
    typeof item === "number" && Number.isInteger(item) && item >= 0 && item <= 255;
  if (!Array.isArray(json) || !json.every(isByte)) throw new KeyPackageFormatError("Not bytes.");
  return Uint8Array.from(json as number[]);
}

function readBytes(json: Member): Uint8Array {
  return readByteList(json("vec").value);
}

function readList<T>(json: unknown, item: (json: unknown) => T): T[] {
  if (!Array.isArray(json)) throw new KeyPackageFormatError("Not a list.");
  return json.map(item);
}

function readCiphersuite(json: unknown): number {
  const value = typeof json === "string" ? CIPHERSUITE_NAMES[json] : undefined;
  if (value === undefined) throw new KeyPackageFormatError("An unknown ciphersuite.");
  return value;
}

function readLeaf(leaf: Member): LeafModel {
  const payload = leaf("payload");
  const credential = payload("credential");
  const lifetime = payload("leaf_node_source")("KeyPackage");
  return {
    encryptionKey: readBytes(payload("encryption_key")("key")),
    signatureKey: readBytes(payload("signature_key")("value")),
    credentialType: CREDENTIAL_TYPES.read(credential("credential_type").value),
    credentialContent: readBytes(credential("serialized_credential_content")),
    capabilities: readCapabilities(payload("capabilities")),
    notBefore: readUint64(lifetime("not_before").value),
    notAfter: readUint64(lifetime("not_after").value),
    extensions: readExtensions(payload("extensions")),
    signature: readBytes(leaf("signature")("value")),
  };
}

function readCapabilities(json: Member): CapabilitiesModel {
  return {
    versions: readList(json("versions").value, VERSIONS.read),
    ciphersuites: readList(json("ciphersuites").value, uint16),
    extensions: readList(json("extensions").value, EXTENSION_TYPES.read),
    proposals: readList(json("proposals").value, PROPOSAL_TYPES.read),
    credentials: readList(json("credentials").value, CREDENTIAL_TYPES.read),
  };
}

function readExtensions(json: Member): ExtensionModel[] {
  return readList(json("unique").value, (item) => readExtension(member(item)));
}

function readExtension(json: Member): ExtensionModel {
  const [name] = Object.keys(json.value ?? {});
  switch (name) {
    case "ApplicationId":
      return { type: APPLICATION_ID, data: tlsVector(readBytes(json("ApplicationId")("key_id"))) };
    case "LastResort":
      return { type: LAST_RESORT, data: new Uint8Array(0) };
    case "Unknown": {
      const [type, data] = readList(json("Unknown").value, (part) => part);
      return { type: uint16(type), data: readByteList(data) };
    }
    default:
      throw new KeyPackageFormatError("Not an extension of a key package.");
  }
}

// ── Writing ──

function record(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([name, json]) => `"${name}":${json}`)
    .join(",")}}`;
}

function list(items: readonly (string | number)[]): string {
  return `[${items.join(",")}]`;
}

function writeBytes(bytes: Uint8Array): string {
  return record({ vec: list([...bytes]) });
}

function writeSignature(signature: Uint8Array): string {
  return record({ value: writeBytes(signature) });
}

function writeCiphersuite(value: number): string {
  const name = Object.keys(CIPHERSUITE_NAMES).find((candidate) => CIPHERSUITE_NAMES[candidate] === value);
  if (name === undefined) throw new KeyPackageFormatError("A ciphersuite without a name.");
  return `"${name}"`;
}

function writeLeaf(leaf: LeafModel): string {
  const lifetime = record({ not_before: leaf.notBefore.toString(), not_after: leaf.notAfter.toString() });
  const payload = record({
    encryption_key: record({ key: writeBytes(leaf.encryptionKey) }),
    signature_key: record({ value: writeBytes(leaf.signatureKey) }),
    credential: record({
      credential_type: CREDENTIAL_TYPES.write(leaf.credentialType),
      serialized_credential_content: writeBytes(leaf.credentialContent),
    }),
    capabilities: writeCapabilities(leaf.capabilities),
    leaf_node_source: record({ KeyPackage: lifetime }),
    extensions: writeExtensions(leaf.extensions),
  });
  return record({ payload, signature: writeSignature(leaf.signature) });
}

function writeCapabilities(capabilities: CapabilitiesModel): string {
  const names = (values: readonly number[], type: SerdeEnum) => list(values.map(type.write));
  return record({
    versions: names(capabilities.versions, VERSIONS),
    ciphersuites: list(capabilities.ciphersuites),
    extensions: names(capabilities.extensions, EXTENSION_TYPES),
    proposals: names(capabilities.proposals, PROPOSAL_TYPES),
    credentials: names(capabilities.credentials, CREDENTIAL_TYPES),
  });
}

function writeExtensions(extensions: readonly ExtensionModel[]): string {
  return record({ unique: list(extensions.map(writeExtension)) });
}

function writeExtension({ type, data }: ExtensionModel): string {
  if (NEVER_IN_KEY_PACKAGES.includes(type))
    throw new KeyPackageFormatError("Not an extension of a key package.");
  if (type === APPLICATION_ID)
    return record({ ApplicationId: record({ key_id: writeBytes(readWholeOpaque(data)) }) });
  if (type === LAST_RESORT && data.length === 0) return record({ LastResort: record({}) });
  return record({ Unknown: list([type, list([...data])]) });
}

function readWholeOpaque(data: Uint8Array): Uint8Array {
  const reader = new TlsReader(data);
  const body = reader.vector();
  if (!reader.isAtEnd) throw new KeyPackageFormatError("Bytes follow the extension's body.");
  return body;
}
