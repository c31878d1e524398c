import { KeyPackageFormatError } from "./model.js";

/** GREASE values, never assigned (RFC 9420 § 13.5). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff) && value !== 0xfafa;
}

/** Serde encoding of a 16-bit OpenMLS enum: named values, and one variant for any other number. */
export interface SerdeEnum {
  /** JSON text of a number. */
  write(value: number): string;
  /** Number of a parsed JSON value. Throws when it has none. */
  read(json: unknown): number;
}

function serdeEnum(
  names: Readonly<Record<string, number>>,
  otherVariant: string,
  greaseVariant?: string,
): SerdeEnum {
  const byValue = new Map(Object.entries(names).map(([name, value]) => [value, name]));
  const variants = [otherVariant, ...(greaseVariant === undefined ? [] : [greaseVariant])];
  return {
    write(value) {
      const name = byValue.get(value);
      if (name !== undefined) return `"${name}"`;
      return `{"${isGrease(value) ? (greaseVariant ?? otherVariant) : otherVariant}":${value}}`;
    },
    read(json) {
      const value = typeof json === "string" ? names[json] : readVariant(json, variants);
      if (value === undefined) throw new KeyPackageFormatError("An unknown name.");
      return value;
    },
  };
}

function readVariant(json: unknown, variants: readonly string[]): number | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const [entry, ...more] = Object.entries(json);
  if (entry === undefined || more.length > 0 || !variants.includes(entry[0])) return undefined;
  return uint16(entry[1]);
}

/** Parsed JSON value as a 16-bit number. Throws for any other value. */
export function uint16(json: unknown): number {
  if (typeof json !== "number" || !Number.isInteger(json) || json < 0 || json > 0xffff)
    throw new KeyPackageFormatError("Not a 16-bit number.");
  return json;
}

/** `ProtocolVersion`. */
export const VERSIONS = serdeEnum({ Mls10: 1 }, "Other");

/** `ExtensionType`. */
export const EXTENSION_TYPES = serdeEnum(
  {
    ApplicationId: 1,
    RatchetTree: 2,
    RequiredCapabilities: 3,
    ExternalPub: 4,
    ExternalSenders: 5,
    LastResort: 10,
  },
  "Unknown",
  "Grease",
);

/** `ProposalType`. */
export const PROPOSAL_TYPES = serdeEnum(
  {
    Add: 1,
    Update: 2,
    Remove: 3,
    PreSharedKey: 4,
    Reinit: 5,
    ExternalInit: 6,
    GroupContextExtensions: 7,
    SelfRemove: 10,
  },
  "Custom",
  "Grease",
);

/** `CredentialType`. */
export const CREDENTIAL_TYPES = serdeEnum({ Basic: 1, X509: 2 }, "Other", "Grease");

/** `Ciphersuite` of the whole key package, which has no variant for other numbers. */
export const CIPHERSUITE_NAMES: Readonly<Record<string, number>> = {
  MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519: 1,
  MLS_128_DHKEMP256_AES128GCM_SHA256_P256: 2,
  MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519: 3,
  MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448: 4,
  MLS_256_DHKEMP521_AES256GCM_SHA512_P521: 5,
  MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448: 6,
  MLS_256_DHKEMP384_AES256GCM_SHA384_P384: 7,
  MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519: 77,
};
