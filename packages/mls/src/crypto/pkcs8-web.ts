import { concatBytes } from "@demls/wire/core";

/** PKCS #8 prefix of a private key on one of these curves, before its 32 key bytes (RFC 8410 § 7). */
const PREFIX = {
  X25519: Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20),
  Ed25519: Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20),
};

/** Imports a raw private key into WebCrypto, not exportable unless `extractable`. */
export async function importPrivateKey(
  subtle: SubtleCrypto,
  curve: keyof typeof PREFIX,
  privateKey: Uint8Array,
  usage: KeyUsage,
  extractable = false,
): Promise<CryptoKey> {
  const encoded = concatBytes(PREFIX[curve], privateKey);
  try {
    return await subtle.importKey("pkcs8", encoded as BufferSource, curve, extractable, [usage]);
  } finally {
    encoded.fill(0);
  }
}
